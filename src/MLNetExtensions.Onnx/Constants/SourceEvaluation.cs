using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Shapes;
using MLNetExtensions.Onnx.Tensors;
using static MLNetExtensions.Onnx.Constants.ConstantEvaluation;

namespace MLNetExtensions.Onnx.Constants;

/// <summary>Operators that make values from nothing but sizes and attributes.</summary>
internal static class SourceEvaluation
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [
            ("Constant", (node, _) => [ConstantNode.Read(node.Node)]),
            ("ConstantOfShape", (node, types) => [FilledTensor.Of(node.Node, types[0].Shape)]),
            ("Shape", Shape),
            ("Size", (node, _) => [OnnxTensor.FromInt64s("", [], [node.Type(0).Count])]),
            ("Range", Range),
            ("EyeLike", EyeLike),
        ];

    private static OnnxTensor[] Shape(LoweringNode node, TensorType[] types)
    {
        (int start, _) = IndexingShapes.ShapeRange(node);
        long[] sizes = node.Shape(0).AsSpan(start, (int)types[0].Shape[0]).ToArray();
        return [OnnxTensor.FromInt64s("", [sizes.Length], sizes)];
    }

    private static OnnxTensor[] Range(LoweringNode node, TensorType[] types)
    {
        double start = Numbers.ToDoubles(node.Constant(0)!)[0];
        double step = Numbers.ToDoubles(node.Constant(2)!)[0];
        double[] values = [.. Enumerable.Range(0, (int)types[0].Shape[0]).Select(i => start + i * step)];
        return [Numbers.FromDoubles("", types[0].ElementType, types[0].Shape, values)];
    }

    private static OnnxTensor[] EyeLike(LoweringNode node, TensorType[] types)
    {
        long[] shape = types[0].Shape;
        long k = node.Node.Int("k", 0);
        var values = new double[shape[0] * shape[1]];
        for (long row = 0; row < shape[0]; row++)
            if (row + k >= 0 && row + k < shape[1])
                values[row * shape[1] + row + k] = 1;
        return [Numbers.FromDoubles("", types[0].ElementType, shape, values)];
    }
}
