using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;

namespace MLNetExtensions.TensorFlow.Interchange.Ops;

/// <summary>Ops that move elements, and the arithmetic of shapes.</summary>
internal static class ShapeImport
{
    public static IEnumerable<KeyValuePair<string, ImportOp>> Ops =>
        [
            new(
                "Shape",
                (_, n, x) =>
                    [
                        new ImportedValue(n.Name, OnnxElementType.Int32, [x[0].Rank])
                        {
                            Ints = [.. x[0].Shape.Select(s => s < 0 ? ImportedValue.Unknown : s)],
                        },
                    ]
            ),
            new("Reshape", Reshape),
            new("Squeeze", Squeeze),
            new("ExpandDims", ExpandDims),
            new("Transpose", Transpose),
            new("ConcatV2", Concat),
            new("Pack", Pack),
            new("BroadcastTo", BroadcastTo),
            new("Pad", Pad),
            new("PadV2", Pad),
            new("MirrorPad", Pad),
            new("ResizeBilinear", (g, n, x) => Resize(g, n, x, "linear")),
            new("ResizeNearestNeighbor", (g, n, x) => Resize(g, n, x, "nearest")),
        ];

    private static ImportedValue[] Reshape(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        long[] target = GraphImport.Ints(node, x[1]);
        if (
            x[0].Constant is { } constant
            && !target.Contains(-1)
            && !target.Any(ImportedValue.IsOpen)
            && target.Aggregate(1L, (a, b) => a * b) == constant.Count
        )
            return [SourceImport.Constant(constant.Reshape(target).Rename(node.Name))];
        if (x[0].Ints is not null && x[0].Constant is null)
            return [x[0] with { Shape = target.Length == 0 ? [] : [x[0].Ints!.Length] }];
        long[] shape = [.. target.Select(t => ImportedValue.IsOpen(t) ? -1 : t)];
        long inner = Inner(x[0].Shape);
        // A batch that the file fixed, or computed, is open: it stays the first dimension.
        if (x[0].Rank > 0 && x[0].Shape[0] < 0 && shape.Length > 0 && (shape[0] == -1 || shape[0] == g.DeclaredBatch))
        {
            int hole = Array.IndexOf(shape, -1, 1);
            long rest = shape.Skip(1).Where(s => s >= 0).Aggregate(1L, (a, b) => a * b);
            bool batch = ImportedValue.IsOpen(target[0]) || inner >= 0 && (hole > 0 || rest == inner);
            if (batch && hole > 0 && inner >= 0 && rest > 0 && inner % rest == 0)
                shape[hole] = inner / rest;
            if (batch)
                shape[0] = -1;
        }
        return [Reshaped(g, node, x[0], shape)];
    }

    /// <summary>The value in another shape; one without height and width has the same elements in both layouts.</summary>
    private static ImportedValue Reshaped(GraphImport g, ImportNode node, ImportedValue x, long[] shape)
    {
        bool first = shape.Length == 4 && shape[1] == 1 && shape[2] == 1;
        long[] sizes = first ? [shape[0], shape[3], 1, 1] : [.. shape];
        if (sizes.Count(s => s == -1) > 1)
        {
            if (sizes[0] != -1 || x.Rank == 0 || sizes.Count(s => s == -1) > 2)
                throw node.Error($"its target [{string.Join(',', shape)}] is not known.");
            sizes[0] = 0;
        }
        string source = x.ChannelsFirst && x.Shape[1] == 1 && x.Shape[2] == 1 ? x.Name : g.Plain(x);
        string name = g.Emit("Reshape", node.Name, [source, g.Int64s(node.Name + "/shape", sizes)]);
        return new ImportedValue(name, x.Type, shape) { ChannelsFirst = first };
    }

    private static long Inner(long[] shape) => shape.Skip(1).Any(s => s < 0) ? -1 : shape.Skip(1).Aggregate(1L, (a, b) => a * b);

    private static ImportedValue[] Squeeze(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        long[] axes = [.. node.Ints("squeeze_dims").Select(a => a < 0 ? a + x[0].Rank : a)];
        if (axes.Length == 0)
            axes = [.. Enumerable.Range(0, x[0].Rank).Where(a => x[0].Shape[a] == 1).Select(a => (long)a)];
        long[] shape = [.. x[0].Shape.Where((_, axis) => !axes.Contains(axis))];
        if (x[0].Ints is not null)
            return [x[0] with { Shape = shape }];
        // The rest of an image keeps its order only if height and width are removed, or the channels are.
        bool first = x[0].ChannelsFirst && (axes.Contains(3) || axes.Contains(1) && axes.Contains(2));
        string list = g.Int64s(node.Name + "/axes", [.. axes.Select(a => first ? GraphImport.Axis(x[0], a) : a)]);
        return [new ImportedValue(g.Emit("Squeeze", node.Name, [first ? x[0].Name : g.Plain(x[0]), list]), x[0].Type, shape)];
    }

    private static ImportedValue[] ExpandDims(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        long axis = GraphImport.Ints(node, x[1])[0];
        axis = axis < 0 ? axis + x[0].Rank + 1 : axis;
        long[] shape = [.. x[0].Shape.Take((int)axis), 1, .. x[0].Shape.Skip((int)axis)];
        if (x[0].Ints is not null)
            return [x[0] with { Shape = shape }];
        return [new ImportedValue(g.Emit("Unsqueeze", node.Name, [g.Plain(x[0]), g.Int64s(node.Name + "/axes", axis)]), x[0].Type, shape)];
    }

    private static ImportedValue[] Transpose(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        long[] order = GraphImport.Ints(node, x[1]);
        if (order.Length != x[0].Rank || !order.Order().SequenceEqual(Enumerable.Range(0, order.Length).Select(i => (long)i)))
            throw node.Error("its permutation does not fit its input.");
        long[] shape = [.. order.Select(axis => x[0].Shape[axis])];
        if (x[0].Constant is { } constant)
            return [SourceImport.Constant(LayoutEvaluation.Transpose(constant, order).Rename(node.Name))];
        // From NHWC to NCHW and back: how ONNX holds it changes its meaning, not its elements.
        if (x[0].ChannelsFirst && order is [0, 3, 1, 2])
            return [new ImportedValue(x[0].Name, x[0].Type, shape)];
        if (!x[0].ChannelsFirst && order is [0, 2, 3, 1])
            return [new ImportedValue(g.Plain(x[0]), x[0].Type, shape) { ChannelsFirst = true }];
        return [new ImportedValue(g.Emit("Transpose", node.Name, [g.Plain(x[0])], OnnxAttribute.Of("perm", order)), x[0].Type, shape)];
    }

    private static ImportedValue[] Concat(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        ImportedValue[] parts = x[..^1];
        long axis = GraphImport.Ints(node, x[^1])[0];
        if (Array.TrueForAll(parts, p => p.Ints is not null))
            return
            [
                new ImportedValue(node.Name, parts[0].Type, [parts.Sum(p => p.Ints!.Length)])
                {
                    Ints = [.. parts.SelectMany(p => p.Ints!)],
                },
            ];
        axis = axis < 0 ? axis + parts[0].Rank : axis;
        if (axis < 0 || Array.Exists(parts, p => p.Rank <= axis || p.Rank != parts[0].Rank))
            throw node.Error("its parts do not fit.");
        bool first = Array.Exists(parts, p => p.ChannelsFirst);
        long[] shape = [.. parts[0].Shape];
        shape[axis] = Array.Exists(parts, p => p.Shape[axis] < 0) ? -1 : parts.Sum(p => p.Shape[axis]);
        string[] inputs = [.. parts.Select(p => first ? g.Image(p) : g.Plain(p))];
        string name = g.Emit(
            "Concat",
            node.Name,
            inputs,
            OnnxAttribute.Of("axis", first ? GraphImport.Axis(new("", default, shape) { ChannelsFirst = true }, axis) : axis)
        );
        return [new ImportedValue(name, parts[0].Type, shape) { ChannelsFirst = first }];
    }

    private static ImportedValue[] Pack(GraphImport g, ImportNode node, ImportedValue[] x) =>
        Array.TrueForAll(x, v => v.Ints is not null && v.Rank == 0)
            ? [new ImportedValue(node.Name, x[0].Type, [x.Length]) { Ints = [.. x.Select(v => v.Ints![0])] }]
            : throw node.Error("is imported only where it computes sizes.");

    private static ImportedValue[] BroadcastTo(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        long[] target = GraphImport.Ints(node, x[1]);
        if (!target.Any(ImportedValue.IsOpen))
            return
            [
                new ImportedValue(g.Emit("Expand", node.Name, [g.Plain(x[0]), g.Int64s(node.Name + "/shape", target)]), x[0].Type, target),
            ];
        // Only the batch is open, so a size that is not known is the batch's.
        if (target.Contains(ImportedValue.Computed) || g.Inputs.Count == 0 || g.Inputs.Any(i => i.Shape!.Skip(1).Any(d => d.Size is null)))
            throw node.Error("its target depends on more than the batch.");
        string batch = g.Emit(
            "Shape",
            node.Name + "/batch",
            [g.Inputs[0].Name],
            OnnxAttribute.Of("start", 0L),
            OnnxAttribute.Of("end", 1L)
        );
        string[] sizes = [.. target.Select(t => ImportedValue.IsOpen(t) ? batch : g.Int64s(node.Name + "/size", t))];
        string shape = g.Emit("Concat", node.Name + "/shape", sizes, OnnxAttribute.Of("axis", 0L));
        return
        [
            new ImportedValue(
                g.Emit("Expand", node.Name, [g.Plain(x[0]), shape]),
                x[0].Type,
                [.. target.Select(t => ImportedValue.IsOpen(t) ? -1 : t)]
            ),
        ];
    }

    private static ImportedValue[] Pad(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        long[] amounts = x[1].Constant?.ToInt64s() ?? throw node.Error("its paddings must be constant.");
        int rank = x[0].Rank;
        if (amounts.Length != 2 * rank)
            throw node.Error($"its paddings do not fit {rank} dimensions.");
        int[] order = x[0].ChannelsFirst ? [0, 3, 1, 2] : [.. Enumerable.Range(0, rank)];
        string pads = g.Int64s(node.Name + "/pads", [.. order.Select(a => amounts[2 * a]), .. order.Select(a => amounts[2 * a + 1])]);
        string mode =
            node.Op != "MirrorPad" ? "constant"
            : node.Text("mode", "") == "REFLECT" ? "reflect"
            : throw node.Error("mirrors symmetrically.");
        string[] inputs = [x[0].ChannelsFirst ? x[0].Name : g.Plain(x[0]), pads, .. node.Op == "PadV2" ? new[] { g.Plain(x[2]) } : []];
        long[] shape = [.. x[0].Shape.Select((s, a) => s < 0 ? s : s + amounts[2 * a] + amounts[2 * a + 1])];
        return
        [
            new ImportedValue(g.Emit("Pad", node.Name, inputs, OnnxAttribute.Of("mode", mode)), x[0].Type, shape)
            {
                ChannelsFirst = x[0].ChannelsFirst,
            },
        ];
    }

    private static ImportedValue[] Resize(GraphImport g, ImportNode node, ImportedValue[] x, string mode)
    {
        long[] size = GraphImport.Ints(node, x[1]);
        if (size.Length != 2 || size.Min() < 1)
            throw node.Error("its size must be known.");
        bool corners = node.Bool("align_corners", false),
            half = node.Bool("half_pixel_centers", false);
        string name = g.Emit(
            "Resize",
            node.Name,
            [g.Image(x[0]), "", "", g.Int64s(node.Name + "/size", size)],
            OnnxAttribute.Of("axes", 2, 3),
            OnnxAttribute.Of("mode", mode),
            OnnxAttribute.Of(
                "coordinate_transformation_mode",
                corners ? "align_corners"
                    : half ? "half_pixel"
                    : "asymmetric"
            ),
            OnnxAttribute.Of("nearest_mode", corners || half ? "round_prefer_ceil" : "floor")
        );
        return [new ImportedValue(name, OnnxElementType.Float, [x[0].Shape[0], size[0], size[1], x[0].Shape[3]]) { ChannelsFirst = true }];
    }
}
