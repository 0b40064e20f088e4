using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow;

/// <summary>One value's place in its flat variable.</summary>
/// <param name="Name">The initializer's name.</param>
/// <param name="Offset">Its start.</param>
/// <param name="Shape">The shape in the ONNX graph.</param>
/// <param name="IsTrainable">True if it is a parameter and not a statistic.</param>
/// <param name="IsKernel">True if it is stored as [height, width, input, output] and not as [output, input, height, width].</param>
internal sealed record ParameterEntry(string Name, long Offset, long[] Shape, bool IsTrainable, bool IsKernel)
{
    /// <summary>The number of values.</summary>
    public int Count { get; } = checked((int)Shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>The sizes in the stored order.</summary>
    public long[] StoredShape => IsKernel ? [Shape[2], Shape[3], Shape[1], Shape[0]] : Shape;

    /// <summary>Copies a value from the stored order into ONNX's.</summary>
    public OnnxTensor Read(string name, ReadOnlySpan<float> flat)
    {
        var values = new float[Count];
        ReadOnlySpan<float> stored = flat.Slice((int)Offset, Count);
        if (IsKernel)
            Reorder(stored, values, toStored: false);
        else
            stored.CopyTo(values);
        return OnnxTensor.FromFloats(name, Shape, values);
    }

    /// <summary>Copies a value in ONNX's order into the stored one.</summary>
    public void Write(OnnxTensor value, Span<float> flat)
    {
        float[] values = value.ToFloats();
        Span<float> stored = flat.Slice((int)Offset, Count);
        if (IsKernel)
            Reorder(values, stored, toStored: true);
        else
            values.CopyTo(stored);
    }

    private void Reorder(ReadOnlySpan<float> source, Span<float> target, bool toStored)
    {
        int outputs = (int)Shape[0],
            inputs = (int)Shape[1],
            area = (int)(Shape[2] * Shape[3]);
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
            {
                for (int a = 0; a < area; a++)
                {
                    int onnx = (o * inputs + i) * area + a,
                        stored = (a * inputs + i) * outputs + o;
                    if (toStored)
                        target[stored] = source[onnx];
                    else
                        target[onnx] = source[stored];
                }
            }
        }
    }
}
