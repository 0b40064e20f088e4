using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx;

/// <summary>
/// The limits of nodes within which ONNX Runtime reads them: it divides by counts, which it takes for 32 bits, asks for memory for the
/// largest index of a vocabulary, and reads through inputs that are not there. Beyond them it does not refuse a file but ends the process.
/// </summary>
internal static class RuntimeLimits
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

    /// <summary>Checks a node, and those of the graphs in it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="isInner">True for a node of a function or of a graph within a node, which is not written anew.</param>
    /// <exception cref="OnnxFormatException">It is beyond a limit; the message names it.</exception>
    public static void Check(OnnxNode node, bool isInner = false)
    {
        foreach (OnnxAttribute attribute in node.Attributes.Values)
        {
            if (Problem(node, attribute) is { } problem)
                throw new OnnxFormatException($"Node {node.Describe()}: {problem}");
            foreach (GraphProto body in attribute.Proto.Graphs.Append(attribute.Proto.G).Where(g => g is not null))
            foreach (NodeProto inner in body.Node)
                Check(OnnxReader.ToNode(inner), isInner: true);
        }
        if (NeedsEachInput(node) && node.Inputs.Contains(""))
            throw new OnnxFormatException(
                $"Node {node.Describe()} leaves out input {node.Inputs.ToList().IndexOf("")}; its operator needs all."
            );
        if (isInner && node.HasUnnamedEnd)
            throw new OnnxFormatException($"Node {node.Describe()} leaves out its last input by an empty name. Leave out the name, too.");
    }

    /// <summary>Checks what a node reads of constants.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constants">The short constants of its graph.</param>
    /// <exception cref="OnnxFormatException">One is beyond a limit; the message names it.</exception>
    public static void CheckConstants(OnnxNode node, IReadOnlyDictionary<string, long[]> constants)
    {
        // It divides by the length of a part.
        if (
            node is { Domain: "", OpType: "SplitToSequence", Inputs: [_, var split, ..] }
            && constants.TryGetValue(split, out long[]? lengths)
            && lengths.Any(length => length <= 0)
        )
            throw new OnnxFormatException($"Node {node.Describe()} splits into parts of {lengths.Min()}. Expected 1 or more.");
    }

    /// <summary>True if an operator takes any number of inputs, none of which may be left out.</summary>
    private static bool NeedsEachInput(OnnxNode node) =>
        node is { Domain: "", OpType: "Concat" or "Einsum" or "Max" or "Mean" or "Min" or "SequenceConstruct" or "Sum" };

    /// <summary>What is wrong with an attribute of a node; null if nothing is.</summary>
    private static string? Problem(OnnxNode node, OnnxAttribute attribute)
    {
        // The attribute of a function's call: its value is not here.
        if (attribute.Proto.RefAttrName.Length > 0)
            return null;
        if (Counts.Contains(attribute.Name) && attribute.Proto.Type == AttributeProto.Types.AttributeType.Int && !IsCount(node, attribute))
            return $"its attribute '{attribute.Name}' is {attribute.Proto.I}, which is not in 1 to {int.MaxValue}.";
        if (attribute.Name == "num_outputs" && node.OpType == "Split" && attribute.Proto.I != node.Outputs.Count)
            return $"its attribute 'num_outputs' is {attribute.Proto.I}, but it has {node.Outputs.Count} outputs.";
        // It counts dimensions without looking at the sign.
        if (attribute.Name == "batch_dims" && attribute.Proto.I < 0)
            return $"its attribute 'batch_dims' is {attribute.Proto.I}, which is not 0 or more.";
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
