using System.Numerics.Tensors;

namespace MLNetExtensions.Training;

/// <summary>The mean and standard deviation of each feature over some rows.</summary>
internal static class FeatureStatistics
{
    /// <summary>A feature of no larger deviation never moves, and tells nothing.</summary>
    public const float Constant = 1e-6f;

    /// <summary>The features of some rows, less the mean and over the deviation; those that never move are 0.</summary>
    public static float[] Standardize(ITrainingRows features, int[] rows, float[] mean, float[] deviation)
    {
        int size = mean.Length;
        float[] values = new float[rows.Length * size],
            scale = [.. deviation.Select(d => d > Constant ? 1 / d : 0)];
        features.Fill(rows, RowView.Plain, [values]);
        for (int row = 0; row < rows.Length; row++)
        {
            Span<float> own = values.AsSpan(row * size, size);
            TensorPrimitives.Subtract(own, mean, own);
            TensorPrimitives.Multiply(own, scale, own);
        }
        return values;
    }

    public static (float[] Mean, float[] StandardDeviation) Compute(ITrainingRows features, int[] rows)
    {
        int size = features.ItemSizes[0];
        var sum = new double[size];
        var squares = new double[size];
        const int BatchSize = 64;
        float[][] buffers = [new float[BatchSize * size]];
        for (int start = 0; start < rows.Length; start += BatchSize)
        {
            ReadOnlySpan<int> batch = rows.AsSpan(start, Math.Min(BatchSize, rows.Length - start));
            features.Fill(batch, RowView.Plain, buffers);
            for (int row = 0; row < batch.Length; row++)
            {
                ReadOnlySpan<float> values = buffers[0].AsSpan(row * size, size);
                for (int i = 0; i < size; i++)
                {
                    sum[i] += values[i];
                    squares[i] += (double)values[i] * values[i];
                }
            }
        }
        var mean = new float[size];
        var deviation = new float[size];
        for (int i = 0; i < size; i++)
        {
            double average = sum[i] / rows.Length;
            mean[i] = (float)average;
            deviation[i] = (float)Math.Sqrt(Math.Max(0, squares[i] / rows.Length - average * average));
        }
        return (mean, deviation);
    }
}
