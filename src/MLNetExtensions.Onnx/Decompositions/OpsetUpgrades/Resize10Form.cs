using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>Resize of opset 10 knows only scales; positions are divided by them and, for nearest, rounded down.</summary>
internal sealed class Resize10Form() : NodeRewrite("Resize", 10, 10)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        // Runtimes and the text of the standard disagree on how old files round when they shrink an image.
        if (node.Node.String("mode", "nearest") == "nearest" && node.Constant(1)?.ToFloats().Any(scale => scale < 1) == true)
            throw new UnsupportedNodeException("a nearest Resize of opset 10 with scales below 1 is not defined clearly");
        build.Finish("Resize", [node.Node.Inputs[0], "", node.Node.Inputs[1]], Attributes(node));
    }

    public static OnnxAttribute[] Attributes(LoweringNode node) =>
        [
            OnnxAttribute.Of("mode", node.Node.String("mode", "nearest") == "nearest" ? "nearest" : "linear"),
            OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"),
            OnnxAttribute.Of("nearest_mode", "floor"),
        ];
}
