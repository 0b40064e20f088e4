namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Transpose.html">Transpose</see>: the dimensions in another order.</summary>
internal static class Transpose
{
    public static OpResult[] Compile(OpCompilation op)
    {
        int rank = op.InputType(0).Shape.Length;
        long[] permutation = op.Node.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)];
        Symbol x = op.AnyLayout(0, out bool last);
        long[] first = [.. permutation.Select(axis => (long)Steps.Place((int)axis, rank, last))];
        // From channels first to last in ONNX's sense, or back, moves nothing where the value is held in the other layout.
        if (rank >= 3 && Moves([first[0], .. first[2..], first[1]]) is false)
            return [new OpResult(op.Step([x], x), ChannelsLast: true)];
        return [op.Transpose(x, first)];
    }

    private static bool Moves(long[] order) => !order.Select((axis, place) => axis == place).All(same => same);
}
