using MLNetExtensions.Training.TensorBoard.Proto;

namespace MLNetExtensions.Training.TensorBoard;

/// <summary>
/// Values counted in TensorFlow's buckets: limits from 1e-12 on, each 10 % above the one before, the same below zero, and 0.
/// A bucket holds its lower limit and not its upper one.
/// </summary>
internal static class HistogramBuckets
{
    private static readonly double[] Limits = MakeLimits();

    // The limits above zero, as the logarithm finds a bucket at once where a search takes ten steps.
    private static readonly double LogOfStep = Math.Log(1.1);

    /// <summary>Counts values; those that are not a number are left out, infinite ones are in the outermost buckets.</summary>
    public static HistogramProto Count(ReadOnlySpan<float> values)
    {
        var histogram = new HistogramProto { Min = double.MaxValue, Max = -double.MaxValue };
        double[] counts = new double[Limits.Length];
        double sum = 0,
            squares = 0,
            min = double.MaxValue,
            max = -double.MaxValue;
        long count = 0;
        foreach (float single in values)
        {
            if (float.IsNaN(single))
                continue;
            double value = Math.Clamp(single, -double.MaxValue, double.MaxValue);
            counts[BucketOf(value)]++;
            sum += value;
            squares += value * value;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            count++;
        }
        if (count == 0)
            (min, max) = (0, 0);
        (histogram.Min, histogram.Max, histogram.Num, histogram.Sum, histogram.SumSquares) = (min, max, count, sum, squares);
        AddRuns(histogram, counts);
        return histogram;
    }

    /// <summary>The first bucket whose limit is above the value.</summary>
    internal static int BucketOf(double value)
    {
        int zero = Limits.Length / 2; // the limit that is 0
        double size = Math.Abs(value);
        int guess = size < 1e-12 ? 0 : Math.Min((int)(Math.Log(size / 1e-12) / LogOfStep), zero - 1);
        int bucket = value >= 0 ? zero + 1 + guess : zero - guess;
        bucket = Math.Clamp(bucket, 0, Limits.Length - 1);
        while (bucket > 0 && Limits[bucket - 1] > value)
            bucket--;
        while (bucket < Limits.Length - 1 && Limits[bucket] <= value)
            bucket++;
        return bucket;
    }

    internal static int LimitCount => Limits.Length;

    // A run of empty buckets is one.
    private static void AddRuns(HistogramProto histogram, double[] counts)
    {
        for (int i = 0; i < counts.Length; )
        {
            double count = counts[i],
                limit = Limits[i];
            i++;
            if (count == 0)
                while (i < counts.Length && counts[i] == 0)
                    limit = Limits[i++];
            histogram.BucketLimit.Add(limit);
            histogram.Bucket.Add(count);
        }
    }

    private static double[] MakeLimits()
    {
        List<double> positive = [];
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1)
            positive.Add(limit);
        positive.Add(double.MaxValue);
        return [.. positive.AsEnumerable().Reverse().Select(limit => -limit), 0, .. positive];
    }
}
