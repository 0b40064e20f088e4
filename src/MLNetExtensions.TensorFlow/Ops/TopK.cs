using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__TopK.html">TopK</see> for a constant k; of equal values the earlier comes first, as
/// TensorFlow's own does.
/// </summary>
internal static class TopK
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        long k = op.ConstantInt64s(1)![0];
        bool largest = op.Node.Int("largest", 1) != 0;
        Symbol input = op.Input(0);
        int axis = op.Axis(-1),
            end = input.Rank - 1;
        Symbol x = op.Swap(input, axis, end);
        // The smallest are the largest of the values in reverse order: bits turned over do that for integers of either sign.
        string reverse = x.Type.IsFloating() ? "Neg" : "Invert";
        Symbol[] top = g.Op("TopKV2").Input(largest ? x : g.Unary(reverse, x)).Input(g.Int32(k)).Outputs();
        Symbol values = largest ? top[0] : g.Unary(reverse, top[0]),
            indices = g.Cast(top[1], DataType.Int64);
        long[] shape = x.Shape;
        values = op.Step(
            [x],
            values,
            outputs =>
            {
                Symbol places = Indices.FlatAlong(g, indices, shape, end),
                    dy = g.Reshape(outputs[0]!.Value, places.Shape);
                return [g.Reshape(g.Op("UnsortedSegmentSum").Input(dy).Input(places).Input(g.Int32(Steps.Product(shape))).Output(), shape)];
            }
        );
        return [op.Swap(values, axis, end), op.Swap(indices, axis, end)];
    }
}
