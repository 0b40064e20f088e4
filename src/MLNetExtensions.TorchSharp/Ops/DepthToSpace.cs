namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__DepthToSpace.html">DepthToSpace</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html">SpaceToDepth</see>.
/// </summary>
internal static class DepthToSpace
{
    public static OpKernel Compile(OpCompilation op)
    {
        long b = op.Node.Int("blocksize", 0);
        long[] shape = op.InputType(0).Shape,
            output = op.OutputType(0).Shape;
        long channels = shape[1] / (b * b);
        (long[] apart, long[] order) = op.Node.String("mode", "DCR") switch
        {
            "DCR" => (new[] { shape[0], b, b, channels, shape[2], shape[3] }, new long[] { 0, 3, 4, 1, 5, 2 }),
            "CRD" => (new[] { shape[0], channels, b, b, shape[2], shape[3] }, new long[] { 0, 1, 4, 2, 5, 3 }),
            string other => throw op.Unsupported($"mode '{other}'"),
        };
        return (inputs, _) => [inputs[0]!.reshape(apart).permute(order).reshape(output)];
    }

    public static OpKernel CompileSpaceToDepth(OpCompilation op)
    {
        long b = op.Node.Int("blocksize", 0);
        long[] shape = op.InputType(0).Shape,
            output = op.OutputType(0).Shape;
        long[] apart = [shape[0], shape[1], shape[2] / b, b, shape[3] / b, b],
            order = [0, 3, 5, 1, 2, 4];
        return (inputs, _) => [inputs[0]!.reshape(apart).permute(order).reshape(output)];
    }
}
