using MLNetExtensions.Onnx;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html">QuantizeLinear</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html">DequantizeLinear</see>. One after the other with the same constants they round a float to what its number stands for, and
/// are trained through as if they did not (the straight-through gradient, arXiv 1308.3432): 1 within the numbers' range, 0 outside. The second does all of it; the first
/// hands the floats on.
/// </summary>
internal static class Quantization
{
    public static OpKernel CompileQuantize(OpCompilation op)
    {
        if (op.Node.Int("block_size", 0) != 0)
            throw op.Unsupported("blocks");
        (long low, long high) = Bounds(op, op.OutputType(0).ElementType);
        if (op.IsOutputUsed(0) && op.ReadersOf(op.Node.Outputs[0]).All(reader => IsPair(op.Node, reader)) && HasConstants(op))
            return (inputs, _) => [inputs[0]!.alias()];
        torch.ScalarType type = op.OutputType(0).ElementType.ToScalarType();
        long[] spread = Spread(op);
        return (inputs, run) =>
        {
            Tensor x = run.ToFloat32(inputs[0]!), numbers = x.div(inputs[1]!.reshape(spread)).round();
            if (inputs.Length > 2 && inputs[2] is { } zeroPoint)
                numbers = numbers.add(zeroPoint.to(numbers.dtype).reshape(spread));
            return [numbers.clamp(low, high).to(type)];
        };
    }

    public static OpKernel CompileDequantize(OpCompilation op)
    {
        if (op.Node.Int("block_size", 0) != 0)
            throw op.Unsupported("blocks");
        long[] spread = Spread(op);
        if (op.ProducerOf(op.Node.Inputs[0]) is { } quantize && IsPair(quantize, op.Node) && op.ReadersOf(op.Node.Inputs[0]).All(reader => IsPair(quantize, reader)) && HasConstants(op))
            return FakeQuantize(op);
        return (inputs, _) =>
        {
            Tensor numbers = inputs[0]!.to(inputs[1]!.dtype);
            if (inputs.Length > 2 && inputs[2] is { } zeroPoint)
                numbers = numbers.sub(zeroPoint.to(numbers.dtype).reshape(spread));
            return [numbers.mul(inputs[1]!.reshape(spread))];
        };
    }

    private static OpKernel FakeQuantize(OpCompilation op)
    {
        (long lowest, long highest) = Bounds(op, op.InputType(0).ElementType);
        float[] scales = op.ConstantInput(1)!.ToFloats();
        long[] zeros = op.Node.HasInput(2) ? op.ConstantInput(2)!.ToInt64s() : new long[scales.Length], spread = Spread(op);
        float[] lows = [.. scales.Select((scale, i) => (lowest - zeros[i]) * scale)], highs = [.. scales.Select((scale, i) => (highest - zeros[i]) * scale)];
        if (scales is [var single])
        {
            (Scalar low, Scalar high) = (lows[0], highs[0]);
            return (inputs, run) => [Round(run.ToFloat32(inputs[0]!).clamp(low, high), numbers => numbers.div_(single), numbers => numbers.mul_(single))];
        }
        (Tensor minimum, Tensor maximum) = (op.Keep(torch.tensor(lows).reshape(spread)), op.Keep(torch.tensor(highs).reshape(spread)));
        return (inputs, run) =>
        {
            Tensor step = inputs[1]!.reshape(spread);
            return [Round(torch.clamp(run.ToFloat32(inputs[0]!), minimum.to(step.device), maximum.to(step.device)), numbers => numbers.div_(step), numbers => numbers.mul_(step))];
        };
    }

    /// <summary>Values in the numbers' range become those that numbers stand for; the zero point, a whole number, does not change which is nearest.</summary>
    private static Tensor Round(Tensor values, Action<Tensor> toNumbers, Action<Tensor> toValues)
    {
        Tensor difference;
        using (torch.no_grad())
        {
            difference = values.detach().clone();
            toNumbers(difference);
            difference.round_();
            toValues(difference);
            difference.sub_(values.detach());
        }
        return values.add(difference);
    }

    /// <summary>Whether the second undoes the first.</summary>
    private static bool IsPair(OnnxNode quantize, OnnxNode dequantize) => quantize is { OpType: "QuantizeLinear", Domain: "" } && dequantize is { OpType: "DequantizeLinear", Domain: "" }
        && dequantize.Inputs[0] == quantize.Outputs[0] && quantize.Inputs.Skip(1).SequenceEqual(dequantize.Inputs.Skip(1)) && quantize.Int("axis", 1) == dequantize.Int("axis", 1);

    private static bool HasConstants(OpCompilation op) => op.ConstantInput(1) is not null && (!op.Node.HasInput(2) || op.ConstantInput(2) is not null);

    private static (long Low, long High) Bounds(OpCompilation op, OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 => (0, byte.MaxValue),
        OnnxElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        OnnxElementType.UInt16 => (0, ushort.MaxValue),
        OnnxElementType.Int16 => (short.MinValue, short.MaxValue),
        _ => throw op.Unsupported($"numbers of type {type}"),
    };

    /// <summary>The shape in which a scale for each place of an axis meets its values.</summary>
    private static long[] Spread(OpCompilation op)
    {
        long count = op.InputType(1).Count;
        int rank = op.InputType(0).Shape.Length;
        return count == 1 ? [] : [.. Enumerable.Range(0, rank).Select(axis => axis == Axis(op) ? count : 1)];
    }

    private static int Axis(OpCompilation op)
    {
        long axis = op.Node.Int("axis", 1);
        return (int)(axis < 0 ? axis + op.InputType(0).Shape.Length : axis);
    }
}
