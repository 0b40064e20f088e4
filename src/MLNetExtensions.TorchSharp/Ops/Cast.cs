using MLNetExtensions.Onnx;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Cast.html">Cast</see> between number types, and CastLike.</summary>
internal static class Cast
{
    public static OpKernel Compile(OpCompilation op)
    {
        OnnxElementType from = op.InputType(0).ElementType,
            to = op.OutputType(0).ElementType;
        torch.ScalarType type = to.ToScalarType();
        return (inputs, _) =>
        {
            Tensor x = inputs[0]!;
            // Fractions are cut off on the way to integers; libtorch does the same but is undefined beyond the target's range.
            return [x.dtype == type || IsActivation(x) ? x.alias() : x.to(type)];
        };

        // A float activation that flows in bfloat16 stays so through a Cast from float to float.
        bool IsActivation(Tensor x) => from == OnnxElementType.Float && to == OnnxElementType.Float && x.dtype == torch.ScalarType.BFloat16;
    }
}
