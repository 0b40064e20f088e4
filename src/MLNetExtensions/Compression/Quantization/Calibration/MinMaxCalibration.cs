namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>
/// Covers the range from the smallest to the largest value: nothing is clipped, but a single extreme value makes all steps coarse.
/// </summary>
public sealed record MinMaxCalibration : CalibrationMethod
{
    internal override bool NeedsHistogram => false;

    internal override ValueRange Choose(ValueHistogram values, QuantizedType type) => values.Range;
}
