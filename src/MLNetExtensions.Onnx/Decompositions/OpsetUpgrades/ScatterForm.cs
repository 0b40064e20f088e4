using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>Scatter is what opset 11 calls ScatterElements.</summary>
internal sealed class ScatterForm() : NodeRewrite("Scatter")
{
    public override void Apply(LoweringNode node, SubgraphBuilder build) =>
        build.Finish("ScatterElements", node.Node.Inputs, OnnxAttribute.Of("axis", node.Node.Int("axis", 0)));
}
