using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>Operators that move, cut and fill values.</summary>
internal static class LayoutRules
{
    public static IEnumerable<OpsetRule> All { get; } =
    [
        new("Reshape", 14, Reshape),
        new("Trilu", 14, Trilu),
        new("CastLike", 15, CastLike),
        new("Shape", 15, Shape),
        new("ScatterElements", 16, node => Scatter(node, "none")),
        new("ScatterND", 16, node => Scatter(node, "none")),
        new("CenterCropPad", 18, CenterCropPad),
        new("Pad", 18, PadAxes),
        new("ScatterElements", 18, node => Scatter(node, "none", "add", "mul")),
        new("ScatterND", 18, node => Scatter(node, "none", "add", "mul")),
        new(
            "Split",
            18,
            SplitOf13,
            node =>
                node.Keep(
                    node.Node.HasInput(1) ? node.Node : node.Node.With(OnnxAttribute.Of("num_outputs", (long)node.Node.Outputs.Count))
                )
        ),
        new("Pad", 19, PadWrap),
    ];

    private static void Reshape(NodeConversion node)
    {
        if (node.Node.Int("allowzero", 0) != 0 && node.Graph.Constant(node.Node.Inputs[1])?.ToInt64s().Contains(0) == true)
            throw node.Impossible("with allowzero a 0 in its shape makes an empty value; before, it copied a size");
        node.KeepWithout("allowzero");
    }

    private static void Trilu(NodeConversion node)
    {
        string x = node.Node.Inputs[0];
        OnnxElementType type = node.ElementType(x);
        string shape = node.Add("Shape", [x]);
        string rows = node.Add("Unsqueeze", [Range(-2), node.Ints("last", 1)]);
        string distance = node.Add("Sub", [node.Add("Unsqueeze", [Range(-1), node.Ints("first", 0)]), rows]);
        string diagonal = node.Node.HasInput(1) ? node.Node.Inputs[1] : node.Scalar(0, OnnxElementType.Int64);
        string kept = node.Add(node.Node.Int("upper", 1) != 0 ? "GreaterOrEqual" : "LessOrEqual", [distance, diagonal]);
        node.Finish("Where", [kept, x, node.Scalar(0, type)]);

        string Range(long axis) =>
            node.Add(
                "Range",
                [
                    node.Scalar(0, OnnxElementType.Int64),
                    node.Add("Gather", [shape, node.Scalar(axis, OnnxElementType.Int64)]),
                    node.Scalar(1, OnnxElementType.Int64),
                ]
            );
    }

    private static void CastLike(NodeConversion node) =>
        node.Finish("Cast", [node.Node.Inputs[0]], OnnxAttribute.Of("to", (long)node.ElementType(node.Node.Inputs[1])));

    private static void Shape(NodeConversion node)
    {
        if (node.Node.Attributes.Count == 0)
        {
            node.Keep(node.Node);
            return;
        }
        long start = node.Node.Int("start", 0),
            end = node.Node.Int("end", long.MaxValue);
        node.Finish("Slice", [node.Add("Shape", [node.Node.Inputs[0]]), node.Ints("start", start), node.Ints("end", end)]);
    }

    private static void Scatter(NodeConversion node, params string[] known)
    {
        string reduction = node.Node.String("reduction", "none");
        if (!known.Contains(reduction))
            throw node.Impossible($"its reduction is '{reduction}'");
        node.Keep(known.Length == 1 ? node.Node.Without("reduction") : node.Node);
    }

    private static void CenterCropPad(NodeConversion node)
    {
        string x = node.Node.Inputs[0],
            sizes = node.Add("Shape", [x]),
            wanted = node.Node.Inputs[1];
        if (node.ElementType(wanted) is var type && type != OnnxElementType.Int64)
            wanted = node.Cast(wanted, type, OnnxElementType.Int64);
        if (node.Node.Ints("axes") is { } axes)
            wanted = node.Add("ScatterElements", [sizes, node.Ints("axes", axes), wanted]);
        string two = node.Scalar(2, OnnxElementType.Int64);
        string padded = node.Add("Max", [sizes, wanted]),
            missing = node.Add("Sub", [padded, sizes]),
            before = node.Add("Div", [missing, two]);
        string pads = node.Add("Concat", [before, node.Add("Sub", [missing, before])], OnnxAttribute.Of("axis", 0L));
        string start = node.Add("Div", [node.Add("Sub", [padded, wanted]), two]);
        node.Finish("Slice", [node.Add("Pad", [x, pads]), start, node.Add("Add", [start, wanted])]);
    }

    private static void PadAxes(NodeConversion node)
    {
        if (!node.Node.HasInput(3))
        {
            node.Keep(node.Node with { Inputs = [.. node.Node.Inputs.Take(3)] });
            return;
        }
        int rank = node.Rank(node.Node.Inputs[0]);
        long[] pads = node.Ints(1)!,
            axes = node.Ints(3)!;
        var all = new long[2 * rank];
        for (int i = 0; i < axes.Length; i++)
        {
            long axis = axes[i] < 0 ? axes[i] + rank : axes[i];
            (all[axis], all[axis + rank]) = (pads[i], pads[i + axes.Length]);
        }
        node.Keep(node.Node with { Inputs = [node.Node.Inputs[0], node.Ints("pads", all), .. node.Node.Inputs.Skip(2).Take(1)] });
    }

    private static void PadWrap(NodeConversion node)
    {
        if (node.Node.String("mode", "constant") == "wrap")
            throw node.Impossible("its mode is 'wrap'");
        node.Keep(node.Node);
    }

    private static void SplitOf13(NodeConversion node)
    {
        OnnxNode old = node.Node.Without("num_outputs");
        int parts = node.Node.Outputs.Count;
        if (!node.Node.HasInput(1) && node.Graph.Rank(node.Node.Inputs[0]) is int rank)
        {
            long axis = node.Node.Int("axis", 0);
            // Parts that are not equal: the last one is smaller, which older forms say by sizes only.
            if (node.Graph.Size(node.Node.Inputs[0], (int)(axis < 0 ? axis + rank : axis)) is long size && size % parts != 0)
            {
                long part = (size + parts - 1) / parts;
                old = old with
                {
                    Inputs = [node.Node.Inputs[0], node.Ints("sizes", [.. Enumerable.Repeat(part, parts - 1), size - part * (parts - 1)])],
                };
            }
        }
        node.Keep(old);
    }
}
