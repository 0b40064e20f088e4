using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Losses that stand in the graph itself.</summary>
internal static class LossShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules => [("NegativeLogLikelihoodLoss", Loss), ("SoftmaxCrossEntropyLoss", Loss)];

    private static TensorType[] Loss(LoweringNode node)
    {
        long[] shape = node.Node.String("reduction", "mean") == "none" ? node.Shape(1) : [];
        return [new(node.ElementType(0), shape), node.Type(0)];
    }
}
