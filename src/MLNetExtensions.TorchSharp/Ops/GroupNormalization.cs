using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__GroupNormalization.html">GroupNormalization</see> with a scale and bias for each channel
/// (opset 21).
/// </summary>
internal static class GroupNormalization
{
    public static OpKernel Compile(OpCompilation op)
    {
        double epsilon = op.Node.Float("epsilon", 1e-5f);
        long groups = op.Node.Int("num_groups", 0);
        if (groups <= 0)
            throw op.Unsupported("no num_groups");
        if (op.InputType(1).Shape[0] != op.InputType(0).Shape[1])
            throw op.Unsupported("a scale for each group instead of each channel");
        return (inputs, run) =>
        {
            Tensor x = run.ToFloat32(inputs[0]!);
            // libtorch's backward pass of channels-last images ends the process where one of the three has no gradient (seen in 2.10).
            if (run.Training && (!inputs.All(i => i!.requires_grad)))
                x = x.contiguous();
            return [F.group_norm(x, groups, inputs[1]!, inputs[2]!, epsilon)];
        };
    }
}
