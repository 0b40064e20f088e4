using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Gather.html">Gather</see>,
/// <see href="https://onnx.ai/onnx/operators/onnx__GatherElements.html">GatherElements</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__GatherND.html">GatherND</see>; negative indices count from the end.
/// </summary>
internal static class Gather
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.Input(0);
        int axis = op.Axis(0);
        long[] shape = x.Shape;
        if (op.InputType(1).Shape.Length == 0 && op.ConstantInput(1) is { } constant)
        {
            long single = constant.ToInt64s()[0];
            var begin = new long[shape.Length];
            begin[axis] = single < 0 ? single + shape[axis] : single;
            Symbol one = op.Crop(x, begin, [.. shape.Select((size, a) => a == axis ? 1 : size)]);
            return [op.Reshape(one, op.OutputType(0).Shape)];
        }
        return [op.Gather(x, Indices.FromStart(g, op.Input(1), shape[axis]), axis)];
    }

    public static OpResult[] CompileElements(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.Input(0),
            index = op.Input(1);
        long[] shape = x.Shape;
        int axis = op.Axis(0);
        Symbol flat = Indices.FlatAlong(g, Indices.FromStart(g, index, shape[axis]), shape, axis);
        return [op.Reshape(op.Gather(op.Reshape(x, Steps.Product(shape)), flat, 0), index.Shape)];
    }

    public static OpResult[] CompileND(OpCompilation op)
    {
        Symbol x = op.Input(0),
            tuples = op.Input(1);
        int batch = (int)op.Node.Int("batch_dims", 0);
        Symbol flat = Indices.Flat(op.Graph, tuples, x.Shape, batch),
            table = op.Reshape(x, Indices.Table(x.Shape, tuples.Shape[^1] + batch));
        return [op.Reshape(op.Gather(table, flat, 0), op.OutputType(0).Shape)];
    }
}
