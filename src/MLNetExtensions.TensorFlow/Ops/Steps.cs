namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// Steps that several kernels take, noted with short ways back: TensorFlow's registry computes shapes and permutations again at run time.
/// </summary>
internal static class Steps
{
    extension(OpCompilation op)
    {
        /// <summary>The operand of an op that needs 32 bits, for kernels that note their steps.</summary>
        public Symbol Widen(Symbol x) => op.IsNarrow(x.Type) ? op.Derive(x, v => op.Graph.Cast(v, DataType.Float)) : x;

        /// <summary>The same elements in another shape.</summary>
        public Symbol Reshape(Symbol x, params long[] shape) =>
            op.Step([x], op.Graph.Reshape(x, shape), outputs => [op.Graph.Reshape(outputs[0]!.Value, x.Shape)]);

        /// <summary>The dimensions in another order.</summary>
        public Symbol Transpose(Symbol x, params long[] permutation)
        {
            long[] back = Inverse(permutation);
            return op.Step([x], op.Graph.Transpose(x, permutation), outputs => [op.Graph.Transpose(outputs[0]!.Value, back)]);
        }

        /// <summary>Repeated along dimensions of size 1, or new leading ones.</summary>
        public Symbol BroadcastTo(Symbol x, params long[] shape) =>
            op.Step([x], op.Graph.BroadcastTo(x, shape), outputs => [op.Graph.SumTo(outputs[0]!.Value, x.Shape)]);

        /// <summary>The sum over axes.</summary>
        public Symbol Sum(Symbol x, long[] axes, bool keep) => Reduced(op, x, op.Graph.Sum(x, axes, keep), axes, dy => dy);

        /// <summary>The mean over axes.</summary>
        public Symbol Mean(Symbol x, long[] axes, bool keep)
        {
            double share = 1.0 / axes.Aggregate(1L, (count, axis) => count * x.Shape[axis]);
            return Reduced(op, x, op.Graph.Mean(x, axes, keep), axes, dy => dy * share);
        }

        /// <summary>
        /// Elements along an axis, by positions counted from its start. Gradients of an element that is taken twice add up.
        /// </summary>
        public Symbol Gather(Symbol x, Symbol positions, int axis)
        {
            TensorFlowGraph g = op.Graph;
            long[] shape = x.Shape;
            long before = Product(shape.AsSpan(0, axis)),
                after = Product(shape.AsSpan(axis + 1)),
                size = shape[axis],
                count = Product(positions.Shape);
            return op.Step(
                [x],
                g.Gather(x, positions, axis),
                outputs =>
                {
                    Symbol rows = g.Transpose(g.Reshape(outputs[0]!.Value, before, count, after), before == 1 ? [0, 1, 2] : [1, 0, 2]);
                    Symbol sums = g.Op("UnsortedSegmentSum")
                        .Input(g.Reshape(rows, count, before * after))
                        .Input(g.Reshape(positions, count))
                        .Input(g.Int32(size))
                        .Output();
                    return [g.Reshape(g.Transpose(g.Reshape(sums, size, before, after), before == 1 ? [0, 1, 2] : [1, 0, 2]), shape)];
                }
            );
        }

        /// <summary>A line of positions, its channels last, as an image of one row.</summary>
        public Symbol ToPlane(Symbol line) => op.Reshape(line, [line.Shape[0], 1, .. line.Shape[1..]]);

        /// <summary>An image of one row as a line of positions.</summary>
        public Symbol FromPlane(Symbol plane) => op.Reshape(plane, [plane.Shape[0], .. plane.Shape[2..]]);

        /// <summary>Two axes exchanged, which undoes itself.</summary>
        public Symbol Swap(Symbol x, int axis, int other)
        {
            long[] order = [.. Enumerable.Range(0, x.Rank).Select(a => (long)a)];
            (order[axis], order[other]) = (other, axis);
            return op.Transpose(x, order);
        }
    }

    /// <summary>The position of an ONNX axis in a value with channels last.</summary>
    public static int Place(int axis, int rank, bool channelsLast) =>
        !channelsLast || axis == 0 ? axis
        : axis == 1 ? rank - 1
        : axis - 1;

    /// <summary>The order that undoes a permutation.</summary>
    public static long[] Inverse(ReadOnlySpan<long> permutation)
    {
        long[] back = new long[permutation.Length];
        for (int i = 0; i < back.Length; i++)
            back[permutation[i]] = i;
        return back;
    }

    /// <summary>A shape with 1 for all sizes but one.</summary>
    public static long[] Along(int rank, int axis, long size) => [.. Enumerable.Range(0, rank).Select(a => a == axis ? size : 1)];

    /// <summary>The number of elements of a shape.</summary>
    public static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
            product *= size;
        return product;
    }

    /// <summary>A reduction in which every element has the same share of the result.</summary>
    private static Symbol Reduced(OpCompilation op, Symbol x, Symbol result, long[] axes, Func<Symbol, Symbol> share)
    {
        TensorFlowGraph g = op.Graph;
        long[] shape = x.Shape,
            kept = [.. shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)];
        return op.Step([x], result, outputs => [g.BroadcastTo(g.Reshape(share(outputs[0]!.Value), kept), shape)]);
    }
}
