using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>The rules of quantization, dequantization, and other changes of element types.</summary>
internal static class QuantizationRules
{
    private static readonly OnnxElementType[] Bytes = [OnnxElementType.Int8, OnnxElementType.UInt8];

    public static IEnumerable<OpsetRule> All { get; } =
    [
        // It is about 8-bit floats only, which are not read.
        new("Cast", 19, node => node.KeepWithout("saturate")),
        new("CastLike", 19, node => node.KeepWithout("saturate")),
        new("QuantizeLinear", 19, QuantizeOf13),
        new("DequantizeLinear", 19, DequantizeOf13),
        new("QuantizeLinear", 21, QuantizeOf19),
        new("DequantizeLinear", 21, DequantizeOf19),
    ];

    private static void QuantizeOf19(NodeConversion node)
    {
        RefuseBlocks(node);
        var type = (OnnxElementType)node.Node.Int("output_dtype", 0);
        if (node.Node.HasInput(2))
            type = node.ElementType(node.Node.Inputs[2]);
        RefuseOther(node, type);
        OnnxNode old = node.Node.Without("output_dtype", "block_size");
        // Without a zero point it was always UInt8.
        if (!node.Node.HasInput(2) && type == OnnxElementType.Int8)
            old = old with { Inputs = [.. node.Node.Inputs.Take(2), ZeroPoint(node, type)] };
        node.Keep(old);
    }

    private static void DequantizeOf19(NodeConversion node)
    {
        RefuseBlocks(node);
        if (node.Graph.ElementType(node.Node.Inputs[0]) is { } type and not OnnxElementType.Int32)
            RefuseOther(node, type);
        node.KeepWithout("block_size");
    }

    private static void QuantizeOf13(NodeConversion node)
    {
        OnnxNode old = node.Node.Without("saturate");
        if (node.Graph.ElementType(node.Node.Inputs[1]) is { } type and not OnnxElementType.Float)
            old = old with
            {
                Inputs =
                [
                    node.Cast(node.Node.Inputs[0], type, OnnxElementType.Float),
                    node.Cast(node.Node.Inputs[1], type, OnnxElementType.Float),
                    .. node.Node.Inputs.Skip(2),
                ],
            };
        node.Keep(old);
    }

    private static void DequantizeOf13(NodeConversion node)
    {
        if (node.Graph.ElementType(node.Node.Inputs[1]) is not { } type || type == OnnxElementType.Float)
        {
            node.Keep(node.Node);
            return;
        }
        string scale = node.Cast(node.Node.Inputs[1], type, OnnxElementType.Float);
        string floats = node.Add(
            "DequantizeLinear",
            [node.Node.Inputs[0], scale, .. node.Node.Inputs.Skip(2)],
            [.. node.Node.Attributes.Values]
        );
        node.Finish("Cast", [floats], OnnxAttribute.Of("to", (long)type));
    }

    private static void RefuseBlocks(NodeConversion node)
    {
        if (node.Node.Int("block_size", 0) != 0)
            throw node.Impossible($"it has a scale for each block of {node.Node.Int("block_size", 0)} values");
    }

    private static void RefuseOther(NodeConversion node, OnnxElementType type)
    {
        if (type != OnnxElementType.Undefined && !Bytes.Contains(type))
            throw node.Impossible($"its whole numbers are {type}, before there were {string.Join(" and ", Bytes)}");
    }

    /// <summary>Zeros of the scale's shape.</summary>
    private static string ZeroPoint(NodeConversion node, OnnxElementType type)
    {
        string scale = node.Node.Inputs[1];
        return node.Filled(
            0,
            type,
            [
                .. Enumerable
                    .Range(0, node.Rank(scale))
                    .Select(axis => node.Graph.Size(scale, axis) ?? throw node.Impossible($"the size of its scale '{scale}' is not known")),
            ]
        );
    }
}
