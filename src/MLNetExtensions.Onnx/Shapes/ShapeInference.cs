using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>
/// The types of a node's outputs, from those of its inputs. Operators are in their opset-22 form: older ones are rewritten before.
/// </summary>
internal static class ShapeInference
{
    /// <summary>The output types of one node, in order; may be longer than the outputs that are asked for.</summary>
    public delegate TensorType[] Rule(LoweringNode node);

    private static readonly Dictionary<(string Domain, string OpType), Rule> Rules = Collect();

    /// <summary>The operators of ONNX's domain that have a rule.</summary>
    public static IEnumerable<string> OpTypes => Rules.Keys.Select(key => key.OpType);

    public static bool Knows(OnnxNode node) => Rules.ContainsKey((node.Domain, node.OpType));

    public static TensorType[] Infer(LoweringNode node) => Rules[(node.Node.Domain, node.OpType)](node);

    private static Dictionary<(string Domain, string OpType), Rule> Collect()
    {
        var rules = new Dictionary<(string Domain, string OpType), Rule>();
        IEnumerable<(string OpType, Rule Rule)>[] families =
        [
            ElementwiseShapes.Rules,
            ReductionShapes.Rules,
            ConvolutionShapes.Rules,
            PoolingShapes.Rules,
            NormalizationShapes.Rules,
            MatrixShapes.Rules,
            LayoutShapes.Rules,
            IndexingShapes.Rules,
            RecurrentShapes.Rules,
            ResizeShapes.Rules,
            SamplingShapes.Rules,
            LossShapes.Rules,
        ];
        foreach ((string opType, Rule rule) in families.SelectMany(f => f))
            rules.Add(("", opType), rule);
        return rules;
    }
}
