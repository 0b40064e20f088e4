using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__NegativeLogLikelihoodLoss.html">NegativeLogLikelihoodLoss</see>: minus the value at each
/// row's class, times the class's weight. The mean divides by the sum of the weights; ignored classes have none.
/// </summary>
internal sealed class NegativeLogLikelihoodDecomposition() : NodeRewrite("NegativeLogLikelihoodLoss")
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        string x = node.Node.Inputs[0],
            target = node.Node.Inputs[1];
        string? ignored = null;
        if (node.Node.Attributes.ContainsKey("ignore_index"))
        {
            ignored = build.Add("Equal", [target, build.Scalar(node.Node.Int("ignore_index", 0), target)]);
            // An ignored class need not be one of the classes.
            target = build.Add("Where", [ignored, build.Scalar(0, target), target]);
        }
        string one = build.Ints(1);
        string picked = build.Add("GatherElements", [x, build.Add("Unsqueeze", [target, one])], OnnxAttribute.Of("axis", 1));
        string loss = build.Add("Squeeze", [build.Add("Neg", [picked]), one]);
        string? weights = node.Node.HasInput(2) ? build.Add("Gather", [node.Node.Inputs[2], target]) : null;
        if (ignored is not null)
            weights = build.Add("Where", [ignored, build.Scalar(0, x), weights ?? build.Filled(1, x, node.Shape(1))]);
        if (weights is not null)
            loss = build.Add("Mul", [loss, weights]);
        OnnxAttribute dropped = OnnxAttribute.Of("keepdims", 0);
        switch (node.Node.String("reduction", "mean"))
        {
            case "none":
                build.Finish("Identity", [loss]);
                break;
            case "sum":
                build.Finish("ReduceSum", [loss], dropped);
                break;
            case "mean" when weights is null:
                build.Finish("ReduceMean", [loss], dropped);
                break;
            case "mean":
                build.Finish("Div", [build.Add("ReduceSum", [loss], dropped), build.Add("ReduceSum", [weights], dropped)]);
                break;
            case var other:
                throw node.Malformed($"its reduction is '{other}', expected 'none', 'sum' or 'mean'");
        }
    }
}
