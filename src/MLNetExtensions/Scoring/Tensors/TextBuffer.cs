using Microsoft.ML.OnnxRuntime;

namespace MLNetExtensions.Scoring.Tensors;

/// <summary>Texts.</summary>
internal sealed class TextBuffer : TensorBuffer<ReadOnlyMemory<char>>
{
    public override bool IsWritable => false;

    private protected override ReadOnlyMemory<char> Sample(double value) =>
        value.ToString("F0", System.Globalization.CultureInfo.InvariantCulture).AsMemory();

    private protected override double ToNumber(ReadOnlyMemory<char> item) => string.GetHashCode(item.Span, StringComparison.Ordinal);

    public override OrtValue ToOrtValue(long[] shape)
    {
        OrtValue value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        for (int i = 0; i < Length; i++)
            value.StringTensorSetElementAt(Items[i], i);
        return value;
    }

    public override void Take(OrtValue value)
    {
        string[] texts = value.GetStringTensorAsArray();
        Resize(texts.Length);
        for (int i = 0; i < texts.Length; i++)
            Items[i] = texts[i].AsMemory();
    }
}
