using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>Normalizations, written with means, roots and instance normalization.</summary>
internal static class NormalizationRules
{
    public static IEnumerable<OpsetRule> All { get; } =
    [
        new("BatchNormalization", 14, BatchNormalizationOf13, BatchNormalizationOf14),
        new("LayerNormalization", 17, LayerNormalization),
        // In opset 18 it has a scale and a bias for each group; ONNX withdrew that form.
        new("GroupNormalization", 18, node => GroupNormalization(node, perGroup: true)),
        new("GroupNormalization", 21, node => GroupNormalization(node, perGroup: false), node => GroupNormalization(node, perGroup: true)),
    ];

    private static void BatchNormalizationOf13(NodeConversion node)
    {
        if (node.Node.Int("training_mode", 0) != 0)
            throw node.Impossible("its training_mode normalizes by the batch, which opset 13 says in another way");
        node.KeepWithout("training_mode");
    }

    private static void BatchNormalizationOf14(NodeConversion node)
    {
        if (node.Node.Outputs.Skip(1).Any(o => o.Length > 0))
            throw node.Impossible("it gives the batch's statistics, which opset 13 says in another way");
        node.Keep(node.Node);
    }

    private static void LayerNormalization(NodeConversion node)
    {
        string x = node.Node.Inputs[0];
        OnnxElementType type = node.ElementType(x),
            within = Within(node, type);
        long axis = node.Node.Int("axis", -1);
        // Counted from the end, the first axis tells all of them.
        long count = axis < 0 ? -axis : node.Rank(x) - axis;
        OnnxAttribute axes = OnnxAttribute.Of("axes", [.. Enumerable.Range(1, (int)count).Select(i => -(long)i).Reverse()]);
        string wide = node.Cast(x, type, within);
        string mean = Output(node, 1, "ReduceMean", [wide], axes);
        string centered = node.Add("Sub", [wide, mean]);
        string variance = node.Add("ReduceMean", [node.Add("Mul", [centered, centered])], axes);
        string deviation = node.Add("Sqrt", [node.Add("Add", [variance, node.Scalar(node.Node.Float("epsilon", 1e-5f), within)])]);
        if (node.Node.HasOutput(2))
            node.AddTo(node.Node.Outputs[2], "Reciprocal", [deviation]);
        string normalized = node.Add("Mul", [node.Add("Div", [centered, deviation]), node.Cast(node.Node.Inputs[1], type, within)]);
        string result = node.Node.HasInput(2) ? node.Add("Add", [normalized, node.Cast(node.Node.Inputs[2], type, within)]) : normalized;
        Finish(node, result, within, type);
    }

    /// <param name="node">The node.</param>
    /// <param name="perGroup">True if scale and bias are for each group, not for each channel.</param>
    private static void GroupNormalization(NodeConversion node, bool perGroup)
    {
        string x = node.Node.Inputs[0];
        OnnxElementType type = node.ElementType(x),
            within = Within(node, type);
        long groups = node.Node.Int("num_groups", 0);
        string wide = node.Cast(x, type, within),
            scale = node.Cast(node.Node.Inputs[1], type, within),
            bias = node.Cast(node.Node.Inputs[2], type, within);
        OnnxAttribute epsilon = OnnxAttribute.Of("epsilon", node.Node.Float("epsilon", 1e-5f));
        // A group is to instance normalization what a channel is.
        string result = node.Add("Reshape", [wide, node.Ints("groups", 0, groups, -1)]);
        result = perGroup
            ? node.Add("InstanceNormalization", [result, scale, bias], epsilon)
            : node.Add("InstanceNormalization", [result, node.Filled(1, within, groups), node.Filled(0, within, groups)], epsilon);
        if (!perGroup)
        {
            long channels =
                node.Graph.Size(node.Node.Inputs[1], 0)
                ?? throw node.Impossible($"the number of channels in '{node.Node.Inputs[1]}' is not known");
            string column = node.Ints("column", channels, 1);
            result = node.Add("Reshape", [result, node.Ints("channels", 0, channels, -1)]);
            result = node.Add("Mul", [result, node.Add("Reshape", [scale, column])]);
            result = node.Add("Add", [result, node.Add("Reshape", [bias, column])]);
        }
        Finish(node, node.Add("Reshape", [result, node.Add("Shape", [x])]), within, type);
    }

    /// <summary>The type that the operator computes in: stash_type says that 16 bits become 32 on the way.</summary>
    private static OnnxElementType Within(NodeConversion node, OnnxElementType type) =>
        type is OnnxElementType.Float16 or OnnxElementType.BFloat16
            ? (OnnxElementType)node.Node.Int("stash_type", (long)OnnxElementType.Float)
            : type;

    private static string Output(NodeConversion node, int output, string opType, string[] inputs, OnnxAttribute attribute)
    {
        if (!node.Node.HasOutput(output))
            return node.Add(opType, inputs, attribute);
        node.AddTo(node.Node.Outputs[output], opType, inputs, attribute);
        return node.Node.Outputs[output];
    }

    private static void Finish(NodeConversion node, string value, OnnxElementType within, OnnxElementType type)
    {
        if (within == type)
            node.AddTo(node.Node.Outputs[0], "Identity", [value]);
        else
            node.AddTo(node.Node.Outputs[0], "Cast", [value], OnnxAttribute.Of("to", (long)type));
    }
}
