using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__ScatterElements.html">ScatterElements</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__ScatterND.html">ScatterND</see>, writing or adding.
/// </summary>
internal static class Scatter
{
    public static OpResult[] CompileElements(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.Input(0),
            index = op.Input(1),
            updates = op.Input(2);
        int axis = op.Axis(0);
        Symbol flat = Indices.FlatAlong(g, Indices.FromStart(g, index, x.Shape[axis]), x.Shape, axis);
        return [Write(op, x, [Steps.Product(x.Shape), 1], flat, updates)];
    }

    public static OpResult[] CompileND(OpCompilation op)
    {
        Symbol x = op.Input(0),
            tuples = op.Input(1),
            updates = op.Input(2);
        return [Write(op, x, Indices.Table(x.Shape, tuples.Shape[^1]), Indices.Flat(op.Graph, tuples, x.Shape, 0), updates)];
    }

    /// <summary>Rows of a table at flat positions get others, or what is added to them.</summary>
    private static Symbol Write(OpCompilation op, Symbol x, long[] table, Symbol flat, Symbol updates)
    {
        TensorFlowGraph g = op.Graph;
        bool add = op.Node.String("reduction", "none") switch
        {
            "none" => false,
            "add" => true,
            string other => throw op.Unsupported($"reduction '{other}'"),
        };
        long count = flat.Shape[0];
        if (updates.Type != x.Type)
            updates = op.Derive(updates, v => g.Cast(v, x.Type));
        Symbol data = op.Reshape(x, table),
            rows = op.Reshape(updates, count, table[1]),
            places = g.Reshape(flat, count, 1);
        Symbol y = op.Step(
            [data, rows],
            Put(add ? "TensorScatterAdd" : "TensorScatterUpdate", data, rows),
            outputs =>
            {
                Symbol dy = outputs[0]!.Value;
                return [add ? dy : Put("TensorScatterUpdate", dy, g.Zeros(dy.Type, [count, table[1]])), g.Gather(dy, flat, 0)];
            }
        );
        return op.Reshape(y, x.Shape);

        Symbol Put(string type, Symbol into, Symbol what) => g.Op(type).Input(into).Input(places).Input(what).Output();
    }
}
