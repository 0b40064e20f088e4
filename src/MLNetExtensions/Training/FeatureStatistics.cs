namespace MLNetExtensions.Training;

/// <summary>The mean and standard deviation of each feature over some rows.</summary>
internal static class FeatureStatistics
{
    /// <summary>A feature of no larger deviation never moves, and tells nothing.</summary>
    public const float Constant = 1e-6f;

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
