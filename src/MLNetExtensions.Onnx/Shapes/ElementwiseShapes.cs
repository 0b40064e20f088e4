using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>
/// Operators that work on each element by itself, or keep the shape of their first input: most by what <see cref="OperatorTable"/> says.
/// </summary>
internal static class ElementwiseShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [
            .. Of(OutputShape.FirstShape, node => [node.Type(0)]),
            .. Of(OutputShape.BroadcastShape, node => [new(node.ElementType(0), All(node))]),
            .. Of(OutputShape.TruthShape, node => [new(OnnxElementType.Bool, All(node))]),
            ("IsInf", node => [new(OnnxElementType.Bool, node.Shape(0))]),
            ("IsNaN", node => [new(OnnxElementType.Bool, node.Shape(0))]),
            ("Where", node => [new(node.ElementType(1), All(node))]),
            ("Cast", node => [new(node.TypeAttribute("to"), node.Shape(0))]),
            ("CastLike", node => [new(node.ElementType(1), node.Shape(0))]),
            (
                "QuantizeLinear",
                node =>
                    [
                        new(
                            node.Node.Int("output_dtype", 0) > 0 ? node.TypeAttribute("output_dtype")
                                : node.HasInput(2) ? node.ElementType(2)
                                : OnnxElementType.UInt8,
                            node.Shape(0)
                        ),
                    ]
            ),
            ("DequantizeLinear", node => [new(node.ElementType(1), node.Shape(0))]),
            ("Dropout", node => [node.Type(0), new(OnnxElementType.Bool, node.Shape(0))]),
        ];

    private static IEnumerable<(string OpType, Rule Rule)> Of(OutputShape shape, Rule rule) =>
        OperatorTable.Names(o => o.Shape == shape).Select(op => (op, rule));

    private static long[] All(LoweringNode node) => Broadcasting.Shape(node, Enumerable.Range(0, node.InputCount));
}
