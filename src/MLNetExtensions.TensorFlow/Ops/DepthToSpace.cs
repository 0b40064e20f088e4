namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__DepthToSpace.html">DepthToSpace</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html">SpaceToDepth</see>.
/// </summary>
internal static class DepthToSpace
{
    public static OpResult[] Compile(OpCompilation op)
    {
        string mode = op.Node.String("mode", "DCR");
        if (mode is not ("DCR" or "CRD"))
            throw op.Unsupported($"mode '{mode}'");
        long block = op.Node.Int("blocksize", 0);
        Symbol x = op.ChannelsLast(0);
        if (mode == "CRD" && block > 1)
        {
            // TensorFlow's own has a channel's block before the channels, as DCR.
            long[] shape = x.Shape;
            long channels = shape[3] / (block * block);
            x = op.Reshape(op.Transpose(op.Reshape(x, shape[0] * shape[1] * shape[2], channels, block * block), 0, 2, 1), shape);
        }
        return [Run(op, "DepthToSpace", x, block)];
    }

    public static OpResult[] CompileSpaceToDepth(OpCompilation op) =>
        [Run(op, "SpaceToDepth", op.ChannelsLast(0), op.Node.Int("blocksize", 0))];

    /// <summary>TensorFlow refuses blocks of one element, which move nothing.</summary>
    private static OpResult Run(OpCompilation op, string type, Symbol x, long block) =>
        new(op.Derive(x, v => block == 1 ? v : op.Graph.Op(type).Input(v).Set("block_size", block).Output()), ChannelsLast: true);
}
