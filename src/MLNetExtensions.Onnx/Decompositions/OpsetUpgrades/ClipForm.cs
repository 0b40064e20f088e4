using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>Clip before opset 11 has its limits as attributes.</summary>
internal sealed class ClipForm() : NodeRewrite("Clip", until: 10)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        string input = node.Node.Inputs[0];
        build.Finish("Clip", [input, Limit("min"), Limit("max")]);

        string Limit(string name) => node.Node.Attributes.ContainsKey(name) ? build.Scalar(node.Node.Float(name, 0), input) : "";
    }
}
