using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions;

/// <summary>Writes one operator as other operators of opset 22.</summary>
/// <param name="opType">The operator.</param>
/// <param name="since">The first opset it is for.</param>
/// <param name="until">The last opset it is for.</param>
internal abstract class NodeRewrite(string opType, int since = 1, int until = OnnxGraph.MaximumOpset)
{
    public string OpType => opType;

    public int Since => since;

    public int Until => until;

    /// <summary>True if this node is to be rewritten.</summary>
    public virtual bool Applies(LoweringNode node) => true;

    /// <summary>Writes the replacement; every output of the node must be made.</summary>
    public abstract void Apply(LoweringNode node, SubgraphBuilder build);
}
