using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Gather.html">Gather</see>,
/// <see href="https://onnx.ai/onnx/operators/onnx__GatherElements.html">GatherElements</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__GatherND.html">GatherND</see>; negative indices count from the end.
/// </summary>
internal static class Gather
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] shape = op.InputType(0).Shape,
            output = op.OutputType(0).Shape;
        long axis = op.Axis(0),
            size = shape[axis];
        if (op.InputType(1).Shape.Length == 0 && op.ConstantInput(1) is { } constant)
        {
            long single = constant.ToInt64s()[0],
                at = single < 0 ? single + size : single;
            return (inputs, _) => [inputs[0]!.select(axis, at)];
        }
        return (inputs, _) =>
        {
            using Tensor index = Indices.FromStart(inputs[1]!, size),
                flat = index.reshape(-1),
                rows = inputs[0]!.index_select(axis, flat);
            return [rows.reshape(output)];
        };
    }

    public static OpKernel CompileElements(OpCompilation op)
    {
        long[] shape = op.InputType(0).Shape;
        long axis = op.Axis(0),
            size = shape[axis];
        return (inputs, _) =>
        {
            using Tensor index = Indices.FromStart(inputs[1]!, size);
            return [inputs[0]!.gather(axis, index)];
        };
    }

    public static OpKernel CompileND(OpCompilation op)
    {
        long[] shape = op.InputType(0).Shape,
            output = op.OutputType(0).Shape;
        int batch = (int)op.Node.Int("batch_dims", 0);
        return (inputs, _) =>
        {
            using Tensor flat = Indices.Flat(inputs[1]!, shape, batch),
                rows = Indices.Rows(inputs[0]!, shape, flat, inputs[1]!.shape[^1] + batch);
            return [rows.reshape(output)];
        };
    }
}
