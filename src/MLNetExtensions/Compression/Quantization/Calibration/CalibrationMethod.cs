namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>How the range of values that 8 bits are spread over is chosen from the values that calibration rows give; what lies outside is cut off.</summary>
public abstract record CalibrationMethod
{
    private protected CalibrationMethod()
    {
    }

    /// <summary>Whether the values are counted by size; otherwise their smallest and largest suffice.</summary>
    internal virtual bool NeedsHistogram => true;

    /// <summary>Chooses the range.</summary>
    /// <param name="values">The values seen.</param>
    /// <param name="type">What the range will be cut into.</param>
    internal abstract ValueRange Choose(ValueHistogram values, QuantizedType type);
}
