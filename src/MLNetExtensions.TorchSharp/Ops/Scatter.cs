using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__ScatterElements.html">ScatterElements</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__ScatterND.html">ScatterND</see>, writing or adding; libtorch's other reductions are not
/// in TorchSharp.
/// </summary>
internal static class Scatter
{
    public static OpKernel CompileElements(OpCompilation op)
    {
        long[] shape = op.InputType(0).Shape;
        long axis = op.Axis(0),
            size = shape[axis];
        bool add = IsAdd(op);
        return (inputs, _) =>
        {
            using Tensor index = Indices.FromStart(inputs[1]!, size),
                updates = inputs[2]!.to(inputs[0]!.dtype);
            return [add ? inputs[0]!.scatter_add(axis, index, updates) : inputs[0]!.scatter(axis, index, updates)];
        };
    }

    public static OpKernel CompileND(OpCompilation op)
    {
        long[] shape = op.InputType(0).Shape;
        bool add = IsAdd(op);
        long depth = op.InputType(1).Shape[^1];
        return (inputs, _) =>
        {
            long[] table = Indices.Table(shape, depth);
            using Tensor flat = Indices.Flat(inputs[1]!, shape, 0);
            using Tensor index = flat.unsqueeze(1).expand(flat.shape[0], table[1]);
            using Tensor data = inputs[0]!.reshape(table),
                updates = inputs[2]!.to(inputs[0]!.dtype).reshape(-1, table[1]);
            using Tensor result = add ? data.scatter_add(0, index, updates) : data.scatter(0, index, updates);
            return [result.reshape(shape)];
        };
    }

    private static bool IsAdd(OpCompilation op) =>
        op.Node.String("reduction", "none") switch
        {
            "none" => false,
            "add" => true,
            string other => throw op.Unsupported($"reduction '{other}'"),
        };
}
