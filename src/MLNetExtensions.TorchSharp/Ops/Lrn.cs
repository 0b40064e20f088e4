using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__LRN.html">LRN</see> across channels.</summary>
internal static class Lrn
{
    public static OpKernel Compile(OpCompilation op)
    {
        long size = op.Node.Int("size", 0);
        double alpha = op.Node.Float("alpha", 1e-4f),
            beta = op.Node.Float("beta", 0.75f),
            bias = op.Node.Float("bias", 1);
        // For even sizes libtorch's window lies one channel off ONNX's; ONNX Runtime refuses them too.
        if (size <= 0 || size % 2 == 0)
            throw op.Unsupported($"size {size}, which is not odd");
        return (inputs, run) => [F.local_response_norm(run.ToFloat32(inputs[0]!), size, alpha, beta, bias)];
    }
}
