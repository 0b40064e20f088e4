namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__LRN.html">LRN</see> across channels. The sums of squares over neighboring channels are a
/// product with a band of ones: TensorFlow's own op does the same, but its gradient is a loop over channels.
/// </summary>
internal static class Lrn
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        long size = op.Node.Int("size", 0);
        double alpha = op.Node.Float("alpha", 1e-4f),
            beta = op.Node.Float("beta", 0.75f),
            bias = op.Node.Float("bias", 1);
        // ONNX Runtime refuses even sizes too.
        if (size <= 0 || size % 2 == 0)
            throw op.Unsupported($"size {size}, which is not odd");
        Symbol x = op.Widen(op.ChannelsLast(0));
        long channels = x.Shape[^1],
            count = Steps.Product(x.Shape) / channels;
        var band = new float[channels * channels];
        for (long i = 0; i < channels; i++)
        for (long j = Math.Max(0, i - (size / 2)); j < Math.Min(channels, i + (size / 2) + 1); j++)
            band[(i * channels) + j] = 1;
        Symbol neighbors = g.Cast(g.Constant(band, channels, channels), x.Type);

        Symbol flat = op.Reshape(x, count, channels);
        Symbol norm = g.MatMul(g.Square(flat), neighbors) * (alpha / size) + bias,
            power = beta == 0.75
                // The common case in networks, without a power for each element.
                ? g.Rsqrt(norm * g.Sqrt(norm))
                : g.Pow(norm, g.Scalar(-beta, x.Type));
        Symbol y = op.Step(
            [flat],
            flat * power,
            outputs =>
            {
                Symbol dy = outputs[0]!.Value;
                return [dy * power - flat * g.MatMul(dy * flat * power / norm, neighbors) * (2 * beta * alpha / size)];
            }
        );
        return [new OpResult(op.Reshape(y, x.Shape), ChannelsLast: true)];
    }
}
