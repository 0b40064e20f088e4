namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Trilu.html">Trilu</see>: the upper or lower triangle.</summary>
internal static class Trilu
{
    public static OpKernel Compile(OpCompilation op)
    {
        long diagonal = op.ConstantInt64s(1)?[0] ?? 0;
        return op.Node.Int("upper", 1) != 0 ? (inputs, _) => [inputs[0]!.triu(diagonal)] : (inputs, _) => [inputs[0]!.tril(diagonal)];
    }
}
