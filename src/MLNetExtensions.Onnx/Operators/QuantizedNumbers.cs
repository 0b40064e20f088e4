namespace MLNetExtensions.Onnx.Operators;

/// <summary>Helpers for the quantized tensors of QuantizeLinear and DequantizeLinear nodes.</summary>
internal static class QuantizedNumbers
{
    /// <summary>
    /// True if the quantized values are read only by DequantizeLinear nodes that undo this QuantizeLinear, with constant scales and zero
    /// points.
    /// </summary>
    public static bool IsUndone(OpNode op) =>
        op.IsOutputUsed(0) && op.ReadersOf(op.Node.Outputs[0]).All(reader => IsPair(op.Node, reader)) && HasConstants(op);

    /// <summary>True if this DequantizeLinear undoes a QuantizeLinear for which <see cref="IsUndone"/> is true.</summary>
    public static bool Undoes(OpNode op) =>
        op.ProducerOf(op.Node.Inputs[0]) is { } quantize
        && IsPair(quantize, op.Node)
        && op.ReadersOf(op.Node.Inputs[0]).All(reader => IsPair(quantize, reader))
        && HasConstants(op);

    /// <summary>The smallest and the largest number of a type.</summary>
    public static (long Low, long High) Bounds(OpNode op, OnnxElementType type) =>
        type switch
        {
            OnnxElementType.UInt8 => (0, byte.MaxValue),
            OnnxElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            OnnxElementType.UInt16 => (0, ushort.MaxValue),
            OnnxElementType.Int16 => (short.MinValue, short.MaxValue),
            _ => throw op.Unsupported($"numbers of type {type}"),
        };

    /// <summary>The shape in which a scale for each place of an axis meets its values.</summary>
    public static long[] Spread(OpNode op)
    {
        long count = op.InputType(1).Count;
        int rank = op.InputType(0).Shape.Length,
            scaled = op.Axis(1);
        return count == 1 ? [] : [.. Enumerable.Range(0, rank).Select(axis => axis == scaled ? count : 1)];
    }

    /// <summary>The values of the smallest and the largest number for each constant scale.</summary>
    public static (float[] Lows, float[] Highs) Ranges(OpNode op)
    {
        (long low, long high) = Bounds(op, op.InputType(0).ElementType);
        float[] scales = op.ConstantInput(1)!.ToFloats();
        long[] zeros = op.Node.HasInput(2) ? op.ConstantInput(2)!.ToInt64s() : new long[scales.Length];
        return ([.. scales.Select((scale, i) => (low - zeros[i]) * scale)], [.. scales.Select((scale, i) => (high - zeros[i]) * scale)]);
    }

    /// <summary>True if the second node undoes the first.</summary>
    private static bool IsPair(OnnxNode quantize, OnnxNode dequantize) =>
        quantize is { OpType: "QuantizeLinear", Domain: "" }
        && dequantize is { OpType: "DequantizeLinear", Domain: "" }
        && dequantize.Inputs[0] == quantize.Outputs[0]
        && quantize.Inputs.Skip(1).SequenceEqual(dequantize.Inputs.Skip(1))
        && quantize.Int("axis", 1) == dequantize.Int("axis", 1);

    private static bool HasConstants(OpNode op) =>
        op.ConstantInput(1) is not null && (!op.Node.HasInput(2) || op.ConstantInput(2) is not null);
}
