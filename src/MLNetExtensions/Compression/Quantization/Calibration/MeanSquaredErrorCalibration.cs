namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>Chooses the range with the smallest mean squared error of the 8-bit values.</summary>
public sealed record MeanSquaredErrorCalibration : CalibrationMethod
{
    internal override ValueRange Choose(ValueHistogram values, QuantizedType type) =>
        RangeSearch.Best(values, range => Error(values, range, type));

    /// <summary>The squared differences of all values, those of a bin taken to be spread evenly over it.</summary>
    private static double Error(ValueHistogram values, ValueRange range, QuantizedType type)
    {
        QuantizationParameters parameters = QuantizationParameters.Of(range, type);
        double sum = 0;
        for (int bin = 0; bin < values.Bins.Length; bin++)
            if (values.Bins[bin] > 0)
            {
                double value = values.Center(bin),
                    difference = value - parameters.Round(value);
                sum += values.Bins[bin] * (difference * difference);
            }
        return sum;
    }
}
