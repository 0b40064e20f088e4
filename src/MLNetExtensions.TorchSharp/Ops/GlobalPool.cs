namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html">GlobalAveragePool</see>,
/// <see href="https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html">GlobalMaxPool</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__GlobalLpPool.html">GlobalLpPool</see>: one value a channel.
/// </summary>
internal static class GlobalPool
{
    public static OpKernel CompileAverage(OpCompilation op)
    {
        long[] spatial = Spatial(op);
        return (inputs, run) => [run.ToFloat32(inputs[0]!).mean(spatial, true)];
    }

    public static OpKernel CompileMax(OpCompilation op)
    {
        long[] spatial = Spatial(op);
        return (inputs, _) => [inputs[0]!.amax(spatial, true)];
    }

    public static OpKernel CompileLp(OpCompilation op)
    {
        long[] spatial = Spatial(op);
        double p = op.Node.Int("p", 2);
        return (inputs, run) => [torch.linalg.vector_norm(run.ToFloat32(inputs[0]!), p, spatial, true)];
    }

    private static long[] Spatial(OpCompilation op) =>
        [.. Enumerable.Range(2, op.InputType(0).Shape.Length - 2).Select(axis => (long)axis)];
}
