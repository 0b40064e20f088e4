using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>TopK before opset 10 has k as an attribute.</summary>
internal sealed class TopKForm() : NodeRewrite("TopK", until: 9)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build) =>
        build.Finish("TopK", [node.Node.Inputs[0], build.Ints(node.Node.Int("k", 0))], OnnxAttribute.Of("axis", node.Node.Int("axis", -1)));
}
