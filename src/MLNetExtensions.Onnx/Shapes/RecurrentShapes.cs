using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>LSTM, GRU and RNN layers.</summary>
internal static class RecurrentShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules => [("LSTM", Recurrent), ("GRU", Recurrent), ("RNN", Recurrent)];

    private static TensorType[] Recurrent(LoweringNode node)
    {
        long[] x = node.Shape(0);
        long[] r = node.Shape(2);
        if (x.Length != 3 || node.Rank(1) != 3 || r.Length != 3)
            throw node.Malformed("X, W and R need 3 dimensions");
        (long directions, long hidden) = (r[0], r[2]);
        bool batchFirst = node.Node.Int("layout", 0) != 0;
        (long steps, long batch) = batchFirst ? (x[1], x[0]) : (x[0], x[1]);
        OnnxElementType type = node.ElementType(0);
        TensorType all = new(type, batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden]);
        TensorType last = new(type, batchFirst ? [batch, directions, hidden] : [directions, batch, hidden]);
        return [all, last, last];
    }
}
