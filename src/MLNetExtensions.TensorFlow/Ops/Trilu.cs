namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Trilu.html">Trilu</see>: the upper or lower triangle.</summary>
internal static class Trilu
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        long diagonal = op.ConstantInt64s(1)?[0] ?? 0;
        bool upper = op.Node.Int("upper", 1) != 0;
        Symbol x = op.Input(0);
        long rows = x.Shape[^2],
            columns = x.Shape[^1];
        var kept = new bool[rows * columns];
        for (long row = 0; row < rows; row++)
        for (long column = 0; column < columns; column++)
            kept[(row * columns) + column] = upper ? column - row >= diagonal : column - row <= diagonal;
        using Tensor mask = Tensor.Of<bool>(DataType.Bool, [rows, columns], kept);
        Symbol inside = g.Constant(mask),
            zero = g.Scalar(0, x.Type);
        return [op.Step([x], g.Where(inside, x, zero), outputs => [g.Where(inside, outputs[0]!.Value, zero)])];
    }
}
