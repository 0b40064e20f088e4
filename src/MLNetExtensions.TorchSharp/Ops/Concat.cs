namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Concat.html">Concat</see> along an axis.</summary>
internal static class Concat
{
    public static OpKernel Compile(OpCompilation op)
    {
        long axis = op.Node.Int("axis", 0);
        return (inputs, _) => [torch.cat(inputs!, axis)];
    }
}
