using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx;

/// <summary>
/// The numbers that attributes may have where ONNX Runtime looks at none: it divides by counts, which it takes for 32 bits, and asks for
/// memory for the largest index of a vocabulary.
/// </summary>
internal static class AttributeLimits
{
    /// <summary>The values of a vocabulary; 64 MB of floats.</summary>
    private const long MaximumIndex = 1 << 24;

    /// <summary>The words between or in the groups of a vocabulary, each of which is a pass over the text.</summary>
    private const long MaximumWords = 1 << 16;

    private static readonly HashSet<string> Counts =
    [
        "block_size",
        "blocksize",
        "group",
        "groups",
        "kv_num_heads",
        "num_groups",
        "num_heads",
        "num_outputs",
        "offset_group",
        "q_num_heads",
    ];

    /// <summary>What is wrong with an attribute of a node; null if nothing is.</summary>
    public static string? Problem(OnnxNode node, OnnxAttribute attribute)
    {
        if (Counts.Contains(attribute.Name) && attribute.Proto.Type == AttributeProto.Types.AttributeType.Int && !IsCount(node, attribute))
            return $"its attribute '{attribute.Name}' is {attribute.Proto.I}, which is not in 1 to {int.MaxValue}.";
        if (attribute.Name == "num_outputs" && node.OpType == "Split" && attribute.Proto.I != node.Outputs.Count)
            return $"its attribute 'num_outputs' is {attribute.Proto.I}, but it has {node.Outputs.Count} outputs.";
        if (attribute.Name is "max_skip_count" or "max_gram_length" && attribute.Proto.I is < 0 or > MaximumWords)
            return $"its attribute '{attribute.Name}' is {attribute.Proto.I}, which is not in 0 to {MaximumWords}.";
        if (attribute.Name == "ngram_indexes" && attribute.Proto.Ints.Any(index => index is < 0 or >= MaximumIndex))
            return $"its attribute 'ngram_indexes' has {attribute.Proto.Ints.First(index => index is < 0 or >= MaximumIndex)}, which is not in 0 to "
                + $"{MaximumIndex - 1}.";
        return null;
    }

    private static bool IsCount(OnnxNode node, OnnxAttribute attribute) =>
        attribute.Proto.I is > 0 and <= int.MaxValue
        // Where 0 stands for none: a scale for an axis, heads that the shape tells.
        || (
            attribute.Proto.I == 0
            && (attribute.Name, node.OpType) is ("block_size", "QuantizeLinear" or "DequantizeLinear") or ("num_heads", "RotaryEmbedding")
        );
}
