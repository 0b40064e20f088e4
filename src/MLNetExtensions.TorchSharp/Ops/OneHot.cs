using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__OneHot.html">OneHot</see> for a constant depth; indices out of range give a row of off
/// values.
/// </summary>
internal static class OneHot
{
    public static OpKernel Compile(OpCompilation op)
    {
        long depth = op.ConstantInt64s(1)![0];
        int rank = op.OutputType(0).Shape.Length;
        long axis = Axes.FromFront(op.Node.Int("axis", -1), rank);
        var classes = new long[rank];
        Array.Fill(classes, 1);
        classes[axis] = depth;
        return (inputs, _) =>
        {
            using Tensor index = Indices.FromStart(inputs[0]!, depth).unsqueeze(axis);
            using Tensor all = torch.arange(depth, torch.ScalarType.Int64, index.device).reshape(classes),
                hit = index.eq(all);
            using Tensor off = inputs[2]!.select(0, 0),
                on = inputs[2]!.select(0, 1);
            return [torch.where(hit, on, off)];
        };
    }
}
