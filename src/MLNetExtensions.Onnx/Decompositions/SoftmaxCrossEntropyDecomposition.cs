using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__SoftmaxCrossEntropyLoss.html">SoftmaxCrossEntropyLoss</see>: the negative log-likelihood
/// of LogSoftmax over the classes, which is its second output.
/// </summary>
internal sealed class SoftmaxCrossEntropyDecomposition() : NodeRewrite("SoftmaxCrossEntropyLoss")
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        OnnxAttribute classes = OnnxAttribute.Of("axis", 1);
        string logProbabilities = build.Add("LogSoftmax", [node.Node.Inputs[0]], classes);
        if (node.Node.HasOutput(0))
            build.AddTo(
                [node.Node.Outputs[0]],
                "NegativeLogLikelihoodLoss",
                [logProbabilities, .. node.Node.Inputs.Skip(1)],
                [.. node.Node.Attributes.Values]
            );
        if (node.Node.HasOutput(1))
            build.AddTo([node.Node.Outputs[1]], "Identity", [logProbabilities]);
    }
}
