namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>Clips a fraction of the values at either end.</summary>
/// <param name="Percentile">The percentage of values below the upper end; the same percentage lies above the lower end.</param>
public sealed record PercentileCalibration(double Percentile = 99.99) : CalibrationMethod
{
    internal override ValueRange Choose(ValueHistogram values, QuantizedType type)
    {
        double beyond = (100 - Percentile) / 100 * values.Count;
        return new ValueRange(Edge(values, beyond, fromBelow: true), Edge(values, beyond, fromBelow: false));
    }

    /// <summary>The first bin's outer edge, from one end, within which as many values lie.</summary>
    private static float Edge(ValueHistogram values, double beyond, bool fromBelow)
    {
        double passed = 0;
        for (int i = 0; i < values.Bins.Length; i++)
        {
            int bin = fromBelow ? i : values.Bins.Length - 1 - i;
            passed += values.Bins[bin];
            if (passed > beyond)
                return values.Range.Low + (float)((bin + (fromBelow ? 0 : 1)) * values.BinWidth);
        }
        // All values are zeros, which have no bin.
        return 0;
    }
}
