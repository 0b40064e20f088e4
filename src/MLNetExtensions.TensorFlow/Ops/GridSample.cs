namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__GridSample.html">GridSample</see> in images and volumes: a gather for each corner of the
/// cell around each place, times its weight.
/// </summary>
internal static class GridSample
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        string mode = op.Node.String("mode", "linear"),
            padding = op.Node.String("padding_mode", "zeros");
        if (mode is not ("linear" or "nearest"))
            throw op.Unsupported($"mode '{mode}'");
        if (padding is not ("zeros" or "border" or "reflection"))
            throw op.Unsupported($"padding_mode '{padding}'");
        bool alignCorners = op.Node.Int("align_corners", 0) != 0;
        Symbol x = op.Widen(op.ChannelsLast(0)),
            grid = op.Widen(op.Input(1));
        long[] shape = x.Shape,
            places = grid.Shape[..^1];
        int rank = shape.Length - 2;
        Symbol table = op.Reshape(x, Steps.Product(shape) / shape[^1], shape[^1]);

        // The grid names the last dimension first.
        var along = new Symbol[rank];
        for (int i = 0; i < rank; i++)
        {
            long[] begin = new long[places.Length + 1],
                size = grid.Shape;
            (begin[^1], size[^1]) = (rank - 1 - i, 1);
            along[i] = op.Derive(op.Reshape(op.Crop(grid, begin, size), places), v => Place(g, v, shape[i + 1], padding, alignCorners));
        }
        Symbol[] low = [.. along.Select(place => g.StopGradient(mode == "nearest" ? g.Unary("Rint", place) : g.Unary("Floor", place)))];
        var corners = new List<Symbol>();
        for (int corner = 0; corner < (mode == "nearest" ? 1 : 1 << rank); corner++)
            corners.Add(Corner(corner));
        Symbol y = op.Step(corners, g.AddN(corners), outputs => [.. corners.Select(_ => outputs[0])]);
        return [new OpResult(y, ChannelsLast: true)];

        Symbol Corner(int corner)
        {
            Symbol rows = Indices.Counting(g, places.Length, 0, places[0]);
            Symbol? inside = null,
                weight = null;
            for (int i = 0; i < rank; i++)
            {
                int upper = corner >> i & 1;
                Symbol at = low[i] + upper,
                    last = g.Scalar(shape[i + 1] - 1, x.Type),
                    zero = g.Scalar(0, x.Type);
                Symbol within = g.Minimum(g.Maximum(at, zero), last),
                    hit = g.Binary("Equal", at, within);
                inside = inside is { } others ? g.Binary("LogicalAnd", others, hit) : hit;
                rows = rows * g.Scalar(shape[i + 1], DataType.Int64) + g.Cast(within, DataType.Int64);
                if (mode == "linear")
                {
                    Symbol share = op.Derive(along[i], v => upper == 1 ? v - low[i] : 1 - (v - low[i]));
                    weight = weight is { } so ? op.Step([so, share], so * share) : share;
                }
            }
            Symbol values = op.Reshape(op.Gather(table, g.Reshape(rows, Steps.Product(places)), 0), [.. places, shape[^1]]);
            // Beyond the border there is nothing.
            Symbol mask = g.Reshape(g.Cast(inside!.Value, x.Type), [.. places, 1]);
            if (weight is not { } known)
                return op.Step([values], values * mask, outputs => [outputs[0]!.Value * mask]);
            Symbol wide = op.Reshape(known, [.. places, 1]);
            return op.Step(
                [values, wide],
                values * (wide * mask),
                outputs => [outputs[0]!.Value * (wide * mask), g.Sum(outputs[0]!.Value * values, [places.Length], keep: true) * mask]
            );
        }
    }

    /// <summary>Converts coordinates from -1 to 1 across the input to its elements; the padding mode handles those beyond.</summary>
    private static Symbol Place(TensorFlowGraph g, Symbol relative, long size, string padding, bool alignCorners)
    {
        Symbol place = alignCorners ? (relative + 1) * ((size - 1) / 2.0) : ((relative + 1) * size - 1) / 2;
        if (padding == "zeros")
            return place;
        if (padding == "reflection")
        {
            // Mirrored at the outer elements' centers or borders.
            double low = alignCorners ? 0 : -0.5,
                span = alignCorners ? size - 1 : size;
            if (span == 0)
                return place * 0;
            Symbol distance = g.Abs(place - low),
                flips = g.StopGradient(g.Unary("Floor", distance / span));
            Symbol rest = distance - flips * span,
                odd = g.StopGradient(g.Binary("FloorMod", flips, g.Scalar(2, place.Type)));
            place = rest + odd * (span - 2 * rest) + low;
        }
        return g.Minimum(g.Maximum(place, g.Scalar(0, place.Type)), g.Scalar(size - 1, place.Type));
    }
}
