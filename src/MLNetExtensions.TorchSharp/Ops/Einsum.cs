namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Einsum.html">Einsum</see>, whose equations are libtorch's.</summary>
internal static class Einsum
{
    public static OpKernel Compile(OpCompilation op)
    {
        string equation = op.Node.String("equation", "").Replace(" ", "", StringComparison.Ordinal);
        return (inputs, run) => [torch.einsum(equation, [.. inputs.Select(x => run.ToFloat32(x!))])];
    }
}
