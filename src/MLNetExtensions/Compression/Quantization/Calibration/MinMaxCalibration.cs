namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>From the smallest to the largest value seen: nothing is cut off, and one extreme value makes all steps coarse.</summary>
public sealed record MinMaxCalibration : CalibrationMethod
{
    internal override bool NeedsHistogram => false;

    internal override ValueRange Choose(ValueHistogram values, QuantizedType type) => values.Range;
}
