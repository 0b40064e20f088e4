using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Lowering;

/// <summary>
/// Limits what is computed beforehand by what the file stores: a few bytes may describe numbers without end. What is beyond is left to the
/// runtime, as if it depended on the data.
/// </summary>
internal sealed class EvaluationBudget
{
    // Shapes, masks and anchors have fewer elements in all.
    private const long Elements = 2 << 20;

    // Weights are turned, cast and cut some times before a layer reads them.
    private const long TimesStored = 8;

    private long _left;

    public EvaluationBudget(OnnxGraph graph) =>
        _left = Elements + (TimesStored * graph.Initializers.Values.Where(t => t.IsStored).Sum(t => t.Count));

    /// <summary>True if the values of a node may be computed, which is then counted.</summary>
    public bool Allows(LoweringNode node, TensorType[] types, bool constantInputs)
    {
        // These look at no element of their inputs, and copy none.
        if (
            !constantInputs
            || node.OpType
                is "Constant"
                    or "ConstantOfShape"
                    or "Flatten"
                    or "Identity"
                    or "Reshape"
                    or "Shape"
                    or "Size"
                    or "Squeeze"
                    or "Unsqueeze"
        )
            return true;
        long cost = types.Sum(t => t.Count) + Enumerable.Range(0, node.InputCount).Where(node.HasInput).Sum(i => node.Type(i).Count);
        if (cost > _left)
            return false;
        _left -= cost;
        return true;
    }
}
