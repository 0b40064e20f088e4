using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>The meaning of 8-bit numbers: <c>(number - ZeroPoint) * Scale</c>.</summary>
/// <param name="Scale">The size of a step.</param>
/// <param name="ZeroPoint">The number that stands for 0.</param>
/// <param name="Type">The kind of numbers.</param>
internal sealed record QuantizationParameters(float Scale, int ZeroPoint, QuantizedType Type)
{
    /// <summary>The smallest and the largest number.</summary>
    private int Lowest =>
        Type switch
        {
            QuantizedType.UInt8 => 0,
            QuantizedType.Int8 => -128,
            _ => -127,
        };

    private int Highest => Type == QuantizedType.UInt8 ? 255 : 127;

    /// <summary>The values of the smallest and of the largest number.</summary>
    public ValueRange Range => new((Lowest - ZeroPoint) * Scale, (Highest - ZeroPoint) * Scale);

    public OnnxElementType ElementType => Type == QuantizedType.UInt8 ? OnnxElementType.UInt8 : OnnxElementType.Int8;

    /// <summary>The numbers that cover a range; 0 is one of their values.</summary>
    public static QuantizationParameters Of(ValueRange range, QuantizedType type)
    {
        (float low, float high) = (Math.Min(range.Low, 0), Math.Max(range.High, 0));
        if (high - low <= 0)
            return new QuantizationParameters(1, type == QuantizedType.Int8 ? -128 : 0, type);
        if (type == QuantizedType.SymmetricInt8)
            return new QuantizationParameters(Math.Max(high, -low) / 127, 0, type);
        float scale = (high - low) / 255;
        int lowest = type == QuantizedType.UInt8 ? 0 : -128;
        return new QuantizationParameters(scale, (int)Math.Clamp(Math.Round(lowest - (double)low / scale), lowest, lowest + 255), type);
    }

    /// <summary>The number, counted from 0, that a value becomes.</summary>
    public int Step(double value) => (int)Math.Clamp(Math.Round(value / Scale) + ZeroPoint, Lowest, Highest) - Lowest;

    /// <summary>The value of the number that a value becomes.</summary>
    public double Round(double value) => (Step(value) + Lowest - ZeroPoint) * (double)Scale;

    /// <summary>The scale as a constant of a graph.</summary>
    public OnnxTensor ScaleTensor(string name) => OnnxTensor.FromFloats(name, [], [Scale]);

    /// <summary>The zero point as a constant of a graph.</summary>
    public OnnxTensor ZeroPointTensor(string name) => new(name, ElementType, [], new[] { (byte)ZeroPoint });
}
