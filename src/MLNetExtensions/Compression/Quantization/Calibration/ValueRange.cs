namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>A range of values; 0 is always within it.</summary>
/// <param name="Low">Its lower end, at most 0.</param>
/// <param name="High">Its upper end, at least 0.</param>
internal readonly record struct ValueRange(float Low, float High)
{
    /// <summary>The smallest range that holds both.</summary>
    public ValueRange Union(ValueRange other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>The part of the range that lies within limits.</summary>
    public ValueRange Within(ValueRange limits) => new(Math.Max(Low, limits.Low), Math.Min(High, limits.High));
}
