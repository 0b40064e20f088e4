namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Hardmax.html">Hardmax</see>: 1 at the first largest value along an axis, else 0.
/// </summary>
internal static class Hardmax
{
    public static OpKernel Compile(OpCompilation op)
    {
        long axis = op.Node.Int("axis", -1);
        return (inputs, _) =>
        {
            Tensor x = inputs[0]!;
            using Tensor index = x.argmax(axis, true),
                ones = torch.ones_like(index).to(x.dtype),
                zeros = torch.zeros_like(x);
            return [zeros.scatter(axis, index, ones)];
        };
    }
}
