using System.Numerics.Tensors;

namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>
/// The values that a place in a network takes: first their range, then how many lie where in it. Zeros have no bin: 8 bits keep them
/// exactly.
/// </summary>
internal sealed class ValueHistogram
{
    private const int BinCount = 2048;

    private float _low,
        _high;

    /// <summary>The range of all values, and of 0.</summary>
    public ValueRange Range => new(_low, _high);

    /// <summary>The number of values in each of the equal parts of <see cref="Range"/>.</summary>
    public long[] Bins { get; } = new long[BinCount];

    /// <summary>The number of values counted, zeros too.</summary>
    public long Count { get; private set; }

    /// <summary>The width of a bin.</summary>
    public double BinWidth => ((double)_high - _low) / BinCount;

    /// <summary>The value in the middle of a bin.</summary>
    public double Center(int bin) => _low + (bin + 0.5) * BinWidth;

    /// <summary>Widens the range by values.</summary>
    /// <exception cref="InvalidOperationException">A value is infinite or not a number.</exception>
    public void Extend(ReadOnlySpan<float> values, string name)
    {
        if (values.IsEmpty)
            return;
        (float low, float high) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        if (!float.IsFinite(low) || !float.IsFinite(high))
            throw new InvalidOperationException(
                $"The value '{name}' of the model is infinite or not a number for a calibration row; check the rows and the preprocessing."
            );
        (_low, _high) = (Math.Min(_low, low), Math.Max(_high, high));
    }

    /// <summary>Counts values of the range.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        Count += values.Length;
        if (_high == _low)
            return;
        long[] bins = Bins;
        float low = _low,
            scale = (float)(BinCount / ((double)_high - _low));
        foreach (float value in values)
            if (value != 0)
                bins[Math.Min((int)((value - low) * scale), BinCount - 1)]++;
    }
}
