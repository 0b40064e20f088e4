using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Interchange.Ops;

/// <summary>Matrix products, reductions and softmax.</summary>
internal static class MatrixImport
{
    public static IEnumerable<KeyValuePair<string, ImportOp>> Ops =>
        [
            new("MatMul", MatMul),
            new("BatchMatMul", BatchMatMul),
            new("BatchMatMulV2", BatchMatMul),
            new("BatchMatMulV3", BatchMatMul),
            new("Mean", (g, n, x) => Reduce(g, n, x, "ReduceMean")),
            new("Sum", (g, n, x) => Reduce(g, n, x, "ReduceSum")),
            new("Max", (g, n, x) => Reduce(g, n, x, "ReduceMax")),
            new("Min", (g, n, x) => Reduce(g, n, x, "ReduceMin")),
            new("Prod", Prod),
            new("Softmax", (g, n, x) => Softmax(g, n, x[0], "Softmax")),
            new("LogSoftmax", (g, n, x) => Softmax(g, n, x[0], "LogSoftmax")),
        ];

    private static ImportedValue[] MatMul(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        bool ta = node.Bool("transpose_a", false),
            tb = node.Bool("transpose_b", false);
        if (x[0].Rank != 2 || x[1].Rank != 2)
            throw node.Error("multiplies matrices only.");
        long[] shape = [x[0].Shape[ta ? 1 : 0], x[1].Shape[tb ? 0 : 1]];
        string[] inputs = [g.Plain(x[0]), g.Plain(x[1])];
        string name =
            ta || tb
                ? g.Emit("Gemm", node.Name, inputs, OnnxAttribute.Of("transA", ta ? 1L : 0), OnnxAttribute.Of("transB", tb ? 1L : 0))
                : g.Emit("MatMul", node.Name, inputs);
        return [new ImportedValue(name, x[0].Type, shape)];
    }

    private static ImportedValue[] BatchMatMul(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        if (x[0].Rank < 2 || x[1].Rank < 2)
            throw node.Error("multiplies matrices only.");
        (string a, long[] shapeA) = Side(x[0], node.Bool("adj_x", false));
        (string b, long[] shapeB) = Side(x[1], node.Bool("adj_y", false));
        long[] shape = [.. ImportOps.Broadcast(node, shapeA[..^2], shapeB[..^2]), shapeA[^2], shapeB[^1]];
        return [new ImportedValue(g.Emit("MatMul", node.Name, [a, b]), x[0].Type, shape)];

        (string, long[]) Side(ImportedValue side, bool transposed)
        {
            if (!transposed)
                return (g.Plain(side), side.Shape);
            long[] order = [.. Enumerable.Range(0, side.Rank - 2).Select(axis => (long)axis), side.Rank - 1, side.Rank - 2];
            return (
                g.Emit("Transpose", side.Name + "/adjoint", [g.Plain(side)], OnnxAttribute.Of("perm", order)),
                [.. order.Select(axis => side.Shape[axis])]
            );
        }
    }

    private static ImportedValue[] Reduce(GraphImport g, ImportNode node, ImportedValue[] x, string onnx)
    {
        bool keep = node.Bool("keep_dims", false);
        HashSet<long> axes = [.. GraphImport.Ints(node, x[1]).Select(a => a < 0 ? a + x[0].Rank : a)];
        if (axes.Any(a => a < 0 || a >= x[0].Rank))
            throw node.Error($"its axes do not fit {x[0].Rank} dimensions.");
        long[] kept = [.. x[0].Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)],
            shape = keep ? kept : [.. x[0].Shape.Where((_, axis) => !axes.Contains(axis))];
        if (x[0].ChannelsFirst && onnx == "ReduceMean" && axes.SetEquals([1, 2]))
        {
            // The usual head: pooled features, found as such where a backbone is cut.
            string pooled = g.Emit("GlobalAveragePool", keep ? node.Name : node.Name + "/pool", [x[0].Name]);
            return keep
                ? [new ImportedValue(pooled, x[0].Type, kept) { ChannelsFirst = true }]
                : [new ImportedValue(g.Emit("Flatten", node.Name, [pooled], OnnxAttribute.Of("axis", 1L)), x[0].Type, shape)];
        }
        // Without kept dimensions, those left keep their order only if all before the channels or the channels themselves are reduced.
        bool first = x[0].ChannelsFirst && (keep || shape.Length < 2 || axes.Contains(3) || axes.IsSupersetOf([1, 2]));
        string name = first ? x[0].Name : g.Plain(x[0]);
        string list = g.Int64s(node.Name + "/axes", [.. axes.Select(a => first ? GraphImport.Axis(x[0], a) : a).Order()]);
        return
        [
            new ImportedValue(g.Emit(onnx, node.Name, [name, list], OnnxAttribute.Of("keepdims", keep ? 1L : 0)), x[0].Type, shape)
            {
                ChannelsFirst = first && keep,
            },
        ];
    }

    private static ImportedValue[] Prod(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        long[] values = GraphImport.Ints(node, x[0]);
        long product = values.Any(ImportedValue.IsOpen)
            ? values.Length == 1
                ? values[0]
                : ImportedValue.Computed
            : values.Aggregate(1L, (a, b) => a * b);
        return [new ImportedValue(node.Name, x[0].Type, node.Bool("keep_dims", false) ? [1] : []) { Ints = [product] }];
    }

    private static ImportedValue[] Softmax(GraphImport g, ImportNode node, ImportedValue x, string onnx)
    {
        string name = g.Emit(onnx, node.Name, [x.ChannelsFirst ? x.Name : g.Plain(x)], OnnxAttribute.Of("axis", x.ChannelsFirst ? 1L : -1));
        return [new ImportedValue(name, x.Type, x.Shape) { ChannelsFirst = x.ChannelsFirst }];
    }
}
