using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Normalizations with several outputs; the first keeps the shape.</summary>
internal static class NormalizationShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [("BatchNormalization", BatchNormalization), ("LayerNormalization", LayerNormalization)];

    private static TensorType[] BatchNormalization(LoweringNode node)
    {
        long[] x = node.Shape(0);
        if (x.Length < 2)
            throw node.Malformed("the input has no channel dimension");
        for (int i = 1; i < 5; i++)
            if (node.Type(i).Count != x[1])
                throw node.Malformed($"input {i} does not have one element for each of {x[1]} channels");
        return [node.Type(0), node.Type(3), node.Type(4)];
    }

    private static TensorType[] LayerNormalization(LoweringNode node)
    {
        int axis = node.Axis(node.Node.Int("axis", -1), node.Rank(0));
        TensorType statistics = new(OnnxElementType.Float, [.. node.Shape(0).Select((size, i) => i < axis ? size : 1)]);
        return [node.Type(0), statistics, statistics];
    }
}
