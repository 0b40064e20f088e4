namespace MLNetExtensions.TensorFlow.Graphs;

/// <summary>The ops that kernels, losses and optimizers are made of, under TensorFlow's names.</summary>
internal sealed unsafe partial class TensorFlowGraph
{
    public Symbol Unary(string type, Symbol x) => Op(type).Input(x).Output();

    public Symbol Binary(string type, Symbol x, Symbol y) => Op(type).Input(x).Input(y).Output();

    public Symbol Identity(Symbol x) => Unary("Identity", x);

    /// <summary>The same value, once an operation has run.</summary>
    public Symbol After(Symbol x, IntPtr operation) => Op("Identity").Input(x).After(operation).Output();

    public Symbol Square(Symbol x) => Unary("Square", x);

    public Symbol Sqrt(Symbol x) => Unary("Sqrt", x);

    public Symbol Rsqrt(Symbol x) => Unary("Rsqrt", x);

    public Symbol Abs(Symbol x) => Unary("Abs", x);

    public Symbol Sign(Symbol x) => Unary("Sign", x);

    public Symbol Exp(Symbol x) => Unary("Exp", x);

    public Symbol Log(Symbol x) => Unary("Log", x);

    public Symbol Softplus(Symbol x) => Unary("Softplus", x);

    public Symbol Maximum(Symbol x, Symbol y) => Binary("Maximum", x, y);

    public Symbol Minimum(Symbol x, Symbol y) => Binary("Minimum", x, y);

    public Symbol Pow(Symbol x, Symbol y) => Binary("Pow", x, y);

    public Symbol Where(Symbol condition, Symbol x, Symbol y) => Op("SelectV2").Input(condition).Input(x).Input(y).Output();

    public Symbol Cast(Symbol x, DataType type) => x.Type == type ? x : Op("Cast").Input(x).Set("DstT", type).Output();

    public Symbol StopGradient(Symbol x) => Unary("StopGradient", x);

    public Symbol Reshape(Symbol x, params ReadOnlySpan<long> shape) =>
        x.Shape.AsSpan().SequenceEqual(shape) ? x : Op("Reshape").Input(x).Input(Int32s(shape)).Output();

    public Symbol Transpose(Symbol x, params ReadOnlySpan<long> permutation)
    {
        bool moves = false;
        for (int i = 0; i < permutation.Length; i++)
            moves |= permutation[i] != i;
        return moves ? Op("Transpose").Input(x).Input(Int32s(permutation)).Output() : x;
    }

    public Symbol Slice(Symbol x, ReadOnlySpan<long> begin, ReadOnlySpan<long> size) =>
        Op("Slice").Input(x).Input(Int32s(begin)).Input(Int32s(size)).Output();

    /// <summary>A slice along one axis.</summary>
    public Symbol Narrow(Symbol x, int axis, long start, long length)
    {
        long[] size = x.Shape,
            begin = new long[size.Length];
        if (start == 0 && length == size[axis])
            return x;
        (begin[axis], size[axis]) = (start, length);
        return Slice(x, begin, size);
    }

    public Symbol Concat(IReadOnlyList<Symbol> parts, int axis) =>
        parts.Count == 1 ? parts[0] : Op("ConcatV2").Inputs(parts).Input(Int32(axis)).Output();

    /// <summary>Parts of given sizes along an axis.</summary>
    public Symbol[] Split(Symbol x, long[] sizes, int axis) =>
        sizes.Length == 1 ? [x] : Op("SplitV").Input(x).Input(Int32s(sizes)).Input(Int32(axis)).Set("num_split", sizes.Length).Outputs();

    public Symbol Sum(Symbol x, ReadOnlySpan<long> axes, bool keep = false) => Reduce("Sum", x, axes, keep);

    public Symbol Mean(Symbol x, ReadOnlySpan<long> axes, bool keep = false) => Reduce("Mean", x, axes, keep);

    public Symbol Reduce(string type, Symbol x, ReadOnlySpan<long> axes, bool keep) =>
        Op(type).Input(x).Input(Int32s(axes)).Set("keep_dims", keep).Output();

    /// <summary>The sum of everything.</summary>
    public Symbol SumAll(Symbol x) => Sum(Reshape(x, x.Shape.Aggregate(1L, (product, size) => product * size)), [0]);

    /// <summary>The Euclidean norm of everything.</summary>
    public Symbol Norm(Symbol x) => Sqrt(Unary("L2Loss", x) * 2);

    public Symbol AddN(IReadOnlyList<Symbol> terms) => terms.Count == 1 ? terms[0] : Op("AddN").Inputs(terms).Output();

    public Symbol MatMul(Symbol a, Symbol b, bool transposeA = false, bool transposeB = false) =>
        Op("MatMul").Input(a).Input(b).Set("transpose_a", transposeA).Set("transpose_b", transposeB).Output();

    /// <summary>Matrix products over the last two dimensions, the others broadcast.</summary>
    public Symbol BatchMatMul(Symbol a, Symbol b) => Op("BatchMatMulV2").Input(a).Input(b).Output();

    public Symbol LogSoftmax(Symbol x) => Unary("LogSoftmax", x);

    /// <summary>A value repeated along dimensions of size 1, or new leading ones.</summary>
    public Symbol BroadcastTo(Symbol x, params ReadOnlySpan<long> shape) =>
        x.Shape.AsSpan().SequenceEqual(shape) ? x : Op("BroadcastTo").Input(x).Input(Int32s(shape)).Output();

    /// <summary>A constant border, pads before and after each axis in pairs.</summary>
    public Symbol Pad(Symbol x, (long Before, long After)[] pads, double value = 0)
    {
        if (Array.TrueForAll(pads, p => p == (0, 0)))
            return x;
        using Tensor amounts = Tensor.Of<int>(
            DataType.Int32,
            [pads.Length, 2],
            [.. pads.SelectMany(p => new[] { checked((int)p.Before), checked((int)p.After) })]
        );
        return value == 0
            ? Op("Pad").Input(x).Input(Constant(amounts)).Output()
            : Op("PadV2").Input(x).Input(Constant(amounts)).Input(Scalar(value, x.Type)).Output();
    }

    /// <summary>Elements along an axis, by position.</summary>
    public Symbol Gather(Symbol x, Symbol positions, int axis) => Op("GatherV2").Input(x).Input(positions).Input(Int32(axis)).Output();

    public Symbol Zeros(DataType type, ReadOnlySpan<long> shape) => Op("Fill").Input(Int32s(shape)).Input(Scalar(0, type)).Output();

    /// <summary>The value where the condition (a scalar) holds; else nothing that depends on it runs.</summary>
    public Symbol OnlyIf(Symbol condition, Symbol value) => Op("Switch").Input(value).Input(condition).Outputs()[1];
}
