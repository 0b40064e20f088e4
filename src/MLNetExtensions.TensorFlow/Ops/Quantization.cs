using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html">QuantizeLinear</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html">DequantizeLinear</see>. One after the other with the same
/// constants they round a float to what its number stands for, and are trained through as if they did not (the straight-through gradient,
/// arXiv 1308.3432): 1 within the numbers' range, 0 outside. The second does all of it; the first hands the floats on.
/// </summary>
internal static class Quantization
{
    public static OpResult[] CompileQuantize(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        if (op.Node.Int("block_size", 0) != 0)
            throw op.Unsupported("blocks");
        (long low, long high) = QuantizedNumbers.Bounds(op, op.OutputType(0).ElementType);
        Symbol x = op.Input(0);
        if (QuantizedNumbers.IsUndone(op))
            return [op.Step([x], x)];
        op.NoGradient();
        long[] spread = QuantizedNumbers.Spread(op);
        Symbol wide = op.ToFloat32(x),
            numbers = g.Unary("Rint", wide / g.Cast(g.Reshape(op.Input(1), spread), wide.Type));
        if (op.Node.HasInput(2))
            numbers += g.Cast(g.Reshape(op.Input(2), spread), wide.Type);
        numbers = g.Minimum(g.Maximum(numbers, g.Scalar(low, wide.Type)), g.Scalar(high, wide.Type));
        return [g.Cast(numbers, op.OutputType(0).ElementType.ToDataType()!.Value)];
    }

    public static OpResult[] CompileDequantize(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        if (op.Node.Int("block_size", 0) != 0)
            throw op.Unsupported("blocks");
        if (QuantizedNumbers.Undoes(op))
            return [FakeQuantize(op)];
        long[] spread = QuantizedNumbers.Spread(op);
        Symbol scale = op.Input(1),
            numbers = g.Cast(op.Input(0), scale.Type);
        if (op.Node.HasInput(2))
            numbers -= g.Cast(g.Reshape(op.Input(2), spread), scale.Type);
        return
        [
            op.Step(
                [scale],
                numbers * g.Reshape(scale, spread),
                outputs => [g.Reshape(g.SumTo(outputs[0]!.Value * numbers, spread), scale.Shape)]
            ),
        ];
    }

    /// <summary>
    /// Values in the numbers' range become those that numbers stand for; the zero point, a whole number, does not change which is nearest.
    /// </summary>
    private static Symbol FakeQuantize(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        long[] spread = QuantizedNumbers.Spread(op);
        (float[] lows, float[] highs) = QuantizedNumbers.Ranges(op);
        Symbol x = op.Widen(op.Input(0)),
            step = g.Cast(g.Reshape(op.Input(1), spread), x.Type);
        Symbol low = g.Cast(g.Constant(lows, spread), x.Type),
            high = g.Cast(g.Constant(highs, spread), x.Type);
        Symbol within = g.Minimum(g.Maximum(x, low), high);
        return op.Step(
            [x],
            g.Unary("Rint", within / step) * step,
            outputs => [g.Where(g.Binary("Equal", x, within), outputs[0]!.Value, g.Scalar(0, x.Type))]
        );
    }
}
