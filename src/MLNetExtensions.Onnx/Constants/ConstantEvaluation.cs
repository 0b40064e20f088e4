using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Constants;

/// <summary>Computes nodes whose inputs are known, and those that only ask for a shape.</summary>
internal static class ConstantEvaluation
{
    /// <summary>The values of a node's outputs, given that its inputs are known; <c>types</c> are those of its outputs.</summary>
    public delegate OnnxTensor[] Rule(LoweringNode node, TensorType[] types);

    private static readonly Dictionary<string, Rule> Rules = Collect();

    /// <summary>The operators that are computed where all they read is known.</summary>
    public static IEnumerable<string> OpTypes => Rules.Keys;

    /// <summary>The values of the node's outputs, or null where they cannot be computed now.</summary>
    public static OnnxTensor[]? TryEvaluate(LoweringNode node, TensorType[] types, bool constantInputs)
    {
        if (
            node.Node.Domain.Length > 0
            || !(constantInputs || node.OpType is "Shape" or "Size")
            || !Rules.TryGetValue(node.OpType, out Rule? rule)
        )
            return null;
        // Text is left to the runtime.
        IEnumerable<TensorType> inputs = Enumerable.Range(0, node.InputCount).Where(node.HasInput).Select(node.Type);
        if (types.Concat(inputs).Any(t => t.ElementType == OnnxElementType.String))
            return null;
        return
        [
            .. rule(node, types)
                .Select((result, i) => (result, i))
                .Where(r => node.Node.HasOutput(r.i))
                .Select(r => r.result.Rename(node.Node.Outputs[r.i])),
        ];
    }

    private static Dictionary<string, Rule> Collect()
    {
        var rules = new Dictionary<string, Rule>();
        IEnumerable<(string OpType, Rule Rule)>[] families =
        [
            SourceEvaluation.Rules,
            LayoutEvaluation.Rules,
            ElementwiseEvaluation.Rules,
            ReductionEvaluation.Rules,
        ];
        foreach ((string opType, Rule rule) in families.SelectMany(f => f))
            rules.Add(opType, rule);
        return rules;
    }
}
