using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html">QuantizeLinear</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html">DequantizeLinear</see>. One after the other with the same
/// constants they round a float to what its number stands for, and are trained through as if they did not (the straight-through gradient,
/// arXiv 1308.3432): 1 within the numbers' range, 0 outside. The second does all of it; the first hands the floats on.
/// </summary>
internal static class Quantization
{
    public static OpKernel CompileQuantize(OpCompilation op)
    {
        if (op.Node.Int("block_size", 0) != 0)
            throw op.Unsupported("blocks");
        (long low, long high) = QuantizedNumbers.Bounds(op, op.OutputType(0).ElementType);
        if (QuantizedNumbers.IsUndone(op))
            return (inputs, _) => [inputs[0]!.alias()];
        torch.ScalarType type = op.OutputType(0).ElementType.ToScalarType();
        long[] spread = QuantizedNumbers.Spread(op);
        return (inputs, run) =>
        {
            Tensor x = run.ToFloat32(inputs[0]!),
                numbers = x.div(inputs[1]!.reshape(spread)).round();
            if (inputs.Length > 2 && inputs[2] is { } zeroPoint)
                numbers = numbers.add(zeroPoint.to(numbers.dtype).reshape(spread));
            return [numbers.clamp(low, high).to(type)];
        };
    }

    public static OpKernel CompileDequantize(OpCompilation op)
    {
        if (op.Node.Int("block_size", 0) != 0)
            throw op.Unsupported("blocks");
        long[] spread = QuantizedNumbers.Spread(op);
        if (QuantizedNumbers.Undoes(op))
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
        float[] scales = op.ConstantInput(1)!.ToFloats();
        (float[] lows, float[] highs) = QuantizedNumbers.Ranges(op);
        long[] spread = QuantizedNumbers.Spread(op);
        if (scales is [var single])
        {
            (Scalar low, Scalar high) = (lows[0], highs[0]);
            return (inputs, run) =>
                [Round(run.ToFloat32(inputs[0]!).clamp(low, high), numbers => numbers.div_(single), numbers => numbers.mul_(single))];
        }
        (Tensor minimum, Tensor maximum) = (op.Keep(torch.tensor(lows).reshape(spread)), op.Keep(torch.tensor(highs).reshape(spread)));
        return (inputs, run) =>
        {
            Tensor step = inputs[1]!.reshape(spread);
            return
            [
                Round(
                    torch.clamp(run.ToFloat32(inputs[0]!), minimum.to(step.device), maximum.to(step.device)),
                    numbers => numbers.div_(step),
                    numbers => numbers.mul_(step)
                ),
            ];
        };
    }

    /// <summary>
    /// Values in the numbers' range become those that numbers stand for; the zero point, a whole number, does not change which is nearest.
    /// </summary>
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
}
