using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html">InstanceNormalization</see>: each channel of each row by its
/// own statistics.
/// </summary>
internal static class InstanceNormalization
{
    public static OpKernel Compile(OpCompilation op)
    {
        double epsilon = op.Node.Float("epsilon", 1e-5f);
        return (inputs, run) => [F.instance_norm(run.ToFloat32(inputs[0]!), null, null, inputs[1]!, inputs[2]!, true, 0, epsilon)];
    }
}
