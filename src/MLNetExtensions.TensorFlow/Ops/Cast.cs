using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Cast.html">Cast</see> between number types, and CastLike.</summary>
internal static class Cast
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        OnnxElementType from = op.InputType(0).ElementType,
            to = op.OutputType(0).ElementType;
        if (to.ToDataType() is not { } type || type == DataType.String)
            throw op.Unsupported($"the element type {to}");
        Symbol x = op.AnyLayout(0, out bool last);
        // A float activation that flows in another type stays so through a Cast from float to float.
        if (from == OnnxElementType.Float && to == OnnxElementType.Float)
            return [new OpResult(op.Step([x], x), last)];
        return [new OpResult(op.Step([x], g.Cast(x, type), outputs => [g.Cast(outputs[0]!.Value, x.Type)]), last)];
    }
}
