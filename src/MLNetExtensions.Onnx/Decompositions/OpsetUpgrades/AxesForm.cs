using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>
/// Axes given as an attribute become an input: Squeeze, Unsqueeze and ReduceSum before opset 13, other Reduce operators before 18.
/// </summary>
internal sealed class AxesForm(string opType, int until) : NodeRewrite(opType, until: until)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        long[] axes = node.Node.Ints("axes") ?? [];
        build.Replace(
            node.Node.Without("axes") with
            {
                Inputs = axes.Length > 0 ? [node.Node.Inputs[0], build.Ints(axes)] : [node.Node.Inputs[0]],
            }
        );
    }
}
