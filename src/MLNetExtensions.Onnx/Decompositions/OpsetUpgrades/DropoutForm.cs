using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>Dropout before opset 12 has its ratio as an attribute; before opset 10 its mask has the element type of the data.</summary>
internal sealed class DropoutForm() : NodeRewrite("Dropout", until: 11)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        if (node.Node.HasOutput(1))
            throw new UnsupportedNodeException("the mask is used, whose form depends on the opset");
        string input = node.Node.Inputs[0];
        string ratio = build.Constant(OnnxTensor.FromFloats("", [], [node.Node.Float("ratio", 0.5f)]));
        build.AddTo([node.Node.Outputs[0]], "Dropout", [input, ratio]);
    }
}
