namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>The range whose 8-bit values differ least from the true ones, by the mean of the squared differences.</summary>
public sealed record MeanSquaredErrorCalibration : CalibrationMethod
{
    internal override ValueRange Choose(ValueHistogram values, QuantizedType type) => RangeSearch.Best(values, range => Error(values, range, type));

    /// <summary>The squared differences of all values, those of a bin taken to be spread evenly over it.</summary>
    private static double Error(ValueHistogram values, ValueRange range, QuantizedType type)
    {
        QuantizationParameters parameters = QuantizationParameters.Of(range, type);
        double sum = 0;
        for (int bin = 0; bin < values.Bins.Length; bin++)
            if (values.Bins[bin] > 0)
            {
                double value = values.Center(bin), difference = value - parameters.Round(value);
                sum += values.Bins[bin] * (difference * difference);
            }
        return sum;
    }
}
