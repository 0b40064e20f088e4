using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Shapes;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>
/// A Split gets the sizes of its parts as an input, wherever they come from: the attribute of old files, num_outputs, or the number of
/// outputs.
/// </summary>
internal sealed class SplitForm() : NodeRewrite("Split")
{
    public override bool Applies(LoweringNode node) => !node.HasInput(1);

    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        long[] parts = node.Node.Ints("split") ?? LayoutShapes.Parts(node);
        build.Finish("Split", [node.Node.Inputs[0], build.Ints(parts)], OnnxAttribute.Of("axis", node.Node.Int("axis", 0)));
    }
}
