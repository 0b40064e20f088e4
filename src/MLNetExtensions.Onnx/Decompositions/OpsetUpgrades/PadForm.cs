using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>Pad before opset 11 has pads and value as attributes.</summary>
internal sealed class PadForm() : NodeRewrite("Pad", until: 10)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        string input = node.Node.Inputs[0];
        long[] pads = node.Node.Ints("pads") ?? throw node.Malformed("attribute 'pads' is missing");
        string mode = node.Node.String("mode", "constant");
        string value = build.Scalar(node.Node.Float("value", 0), input);
        build.Finish(
            "Pad",
            mode == "constant" ? [input, build.Ints(pads), value] : [input, build.Ints(pads)],
            OnnxAttribute.Of("mode", mode)
        );
    }
}
