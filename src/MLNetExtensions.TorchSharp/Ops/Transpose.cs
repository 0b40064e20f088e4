namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Transpose.html">Transpose</see>: a view with the dimensions in another order.
/// </summary>
internal static class Transpose
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] permutation =
            op.Node.Ints("perm") ?? [.. Enumerable.Range(0, op.InputType(0).Shape.Length).Reverse().Select(axis => (long)axis)];
        return (inputs, _) => [inputs[0]!.permute(permutation)];
    }
}
