using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__LayerNormalization.html">LayerNormalization</see> over the axes from <c>axis</c> on.
/// </summary>
internal static class LayerNormalization
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] shape = op.InputType(0).Shape;
        long axis = op.Node.Int("axis", -1);
        int first = (int)(axis < 0 ? axis + shape.Length : axis);
        long[] normalized = shape[first..],
            axes = [.. Enumerable.Range(first, shape.Length - first).Select(a => (long)a)];
        double epsilon = op.Node.Float("epsilon", 1e-5f);
        bool statistics = op.IsOutputUsed(1) || op.IsOutputUsed(2);

        return (inputs, run) =>
        {
            Tensor x = run.ToFloat32(inputs[0]!);
            Tensor? bias = inputs.Length > 2 ? inputs[2] : null;
            // libtorch's own wants weights of exactly the normalized shape; ONNX lets them broadcast.
            Tensor y = F.layer_norm(x, normalized, inputs[1]!.expand(normalized), bias?.expand(normalized), epsilon);
            if (!statistics)
                return [y];
            Tensor mean = x.mean(axes, true);
            using Tensor centered = x.sub(mean),
                variance = centered.square().mean(axes, true);
            return [y, mean, variance.add(epsilon).rsqrt()];
        };
    }
}
