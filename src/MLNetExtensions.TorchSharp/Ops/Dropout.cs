namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Dropout.html">Dropout</see>. The session, not the node's <c>training_mode</c>, says
/// whether values are dropped; its generator draws, so that the draws follow its seed.
/// </summary>
internal static class Dropout
{
    public static OpKernel Compile(OpCompilation op)
    {
        float ratio = 0.5f;
        if (op.Node.HasInput(1))
            ratio = (op.ConstantInput(1) ?? throw op.Unsupported("a ratio computed at run time")).ToFloats()[0];
        if (ratio is < 0 or >= 1)
            throw op.Unsupported($"ratio {ratio}, which is not in [0, 1)");
        bool hasMask = op.IsOutputUsed(1);
        return (inputs, run) =>
        {
            Tensor x = inputs[0]!;
            if (!run.DropoutEnabled || ratio == 0)
                return hasMask ? [x.alias(), torch.ones_like(x, torch.ScalarType.Bool)] : [x.alias()];
            using Tensor keep = torch.empty_like(x).bernoulli_(1 - ratio, run.Generator),
                scale = keep.div(1 - ratio);
            Tensor y = x.mul(scale);
            return hasMask ? [y, keep.to(torch.ScalarType.Bool)] : [y];
        };
    }
}
