namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>
/// Finds the range of least cost within that of the values: first with both ends drawn in alike, then each end by itself.
/// </summary>
internal static class RangeSearch
{
    private const int Steps = 100;

    /// <summary>A range is at least this share of the values'.</summary>
    private const float Least = 0.1f;

    public static ValueRange Best(ValueHistogram values, Func<ValueRange, double> cost)
    {
        ValueRange whole = values.Range,
            best = whole;
        double least = cost(whole);
        Try(share => new ValueRange(whole.Low * share, whole.High * share));
        if (whole is { Low: < 0, High: > 0 })
        {
            float low = best.Low,
                high = best.High;
            Try(share => new ValueRange(low, whole.High * share));
            high = best.High;
            Try(share => new ValueRange(whole.Low * share, high));
        }
        return best;

        void Try(Func<float, ValueRange> range)
        {
            for (int step = 1; step <= Steps; step++)
            {
                ValueRange tried = range(1 - step * (1 - Least) / Steps);
                double found = cost(tried);
                if (found < least)
                    (least, best) = (found, tried);
            }
        }
    }
}
