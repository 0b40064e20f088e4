using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>Upsample, which opset 10 replaced by Resize: positions are divided by the scale and, for nearest, rounded down.</summary>
internal sealed class UpsampleForm() : NodeRewrite("Upsample")
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        string scales = node.HasInput(1)
            ? node.Node.Inputs[1]
            : build.Constant(
                OnnxTensor.FromFloats(
                    "",
                    [node.Rank(0)],
                    node.Node.Floats("scales") ?? throw node.Malformed("attribute 'scales' is missing")
                )
            );
        build.Finish("Resize", [node.Node.Inputs[0], "", scales], Resize10Form.Attributes(node));
    }
}
