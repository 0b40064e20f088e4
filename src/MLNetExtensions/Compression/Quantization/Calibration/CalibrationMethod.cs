namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>The choice of the range that 8 bits cover, from the values that calibration rows give; values outside are clipped.</summary>
public abstract record CalibrationMethod
{
    private protected CalibrationMethod() { }

    /// <summary>True if a histogram of the values is needed; false if their minimum and maximum suffice.</summary>
    internal virtual bool NeedsHistogram => true;

    /// <summary>Chooses the range.</summary>
    /// <param name="values">The values seen.</param>
    /// <param name="type">The 8-bit type that the range is divided into.</param>
    internal abstract ValueRange Choose(ValueHistogram values, QuantizedType type);
}
