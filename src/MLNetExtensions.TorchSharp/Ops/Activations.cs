namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>Element-wise activations with attributes; absent attributes have ONNX's defaults, which are not always PyTorch's.</summary>
internal static class Activations
{
    public static OpRegistration[] Registrations =>
        [
            new("Celu", Celu),
            new("Elu", Elu),
            new("Gelu", Gelu),
            new("HardSigmoid", HardSigmoid),
            new("LeakyRelu", LeakyRelu),
            new("PRelu", PRelu),
            new("Selu", Selu),
            new("Shrink", Shrink),
            new("ThresholdedRelu", ThresholdedRelu),
        ];

    private static OpKernel Celu(OpCompilation op)
    {
        double alpha = op.Node.Float("alpha", 1);
        return (inputs, _) => [inputs[0]!.celu(alpha)];
    }

    private static OpKernel Elu(OpCompilation op)
    {
        double alpha = op.Node.Float("alpha", 1);
        return (inputs, _) => [inputs[0]!.elu(alpha)];
    }

    private static OpKernel Gelu(OpCompilation op)
    {
        string approximate = op.Node.String("approximate", "none");
        return approximate switch
        {
            "none" => (inputs, _) => [inputs[0]!.gelu()],
            "tanh" => (inputs, _) => [inputs[0]!.gelu(global::TorchSharp.Modules.GELU.Approximate.tanh)],
            _ => throw op.Unsupported($"approximate '{approximate}'"),
        };
    }

    private static OpKernel HardSigmoid(OpCompilation op)
    {
        double alpha = op.Node.Float("alpha", 0.2f),
            beta = op.Node.Float("beta", 0.5f);
        if (beta == 0.5 && Math.Abs(alpha - 1.0 / 6) < 1e-7)
            return (inputs, _) => [inputs[0]!.hardsigmoid()];
        return (inputs, _) =>
        {
            using Tensor line = inputs[0]!.mul(alpha).add(beta);
            return [line.clamp(0, 1)];
        };
    }

    private static OpKernel LeakyRelu(OpCompilation op)
    {
        double alpha = op.Node.Float("alpha", 0.01f);
        return (inputs, _) => [inputs[0]!.leaky_relu(alpha)];
    }

    private static OpKernel PRelu(OpCompilation op)
    {
        long[] x = op.InputType(0).Shape,
            slope = op.InputType(1).Shape;
        // libtorch's own knows one slope, or one a channel of dimension 1.
        bool native =
            x.Length >= 2
            && (
                Count(slope) == 1
                || slope.Length == x.Length - 1 && slope[0] == x[1] && Count(slope) == x[1]
                || slope.Length == x.Length && slope[1] == x[1] && Count(slope) == x[1]
            );
        return (inputs, _) =>
        {
            Tensor weight = inputs[1]!.to(inputs[0]!.dtype);
            if (native)
                return [inputs[0]!.prelu(weight.reshape(-1))];
            using Tensor positive = inputs[0]!.ge(0);
            return [torch.where(positive, inputs[0]!, inputs[0]!.mul(weight))];
        };
    }

    private static OpKernel Selu(OpCompilation op)
    {
        double alpha = op.Node.Float("alpha", 1.67326319217681884765625f),
            gamma = op.Node.Float("gamma", 1.05070102214813232421875f);
        return (inputs, _) => [inputs[0]!.elu(alpha, gamma, 1)];
    }

    private static OpKernel Shrink(OpCompilation op)
    {
        double bias = op.Node.Float("bias", 0),
            lambda = op.Node.Float("lambd", 0.5f);
        return (inputs, _) =>
        {
            Tensor x = inputs[0]!;
            using Tensor below = x.add(bias).mul(x.lt(-lambda)),
                above = x.sub(bias).mul(x.gt(lambda));
            return [below.add(above).to(x.dtype)];
        };
    }

    private static OpKernel ThresholdedRelu(OpCompilation op)
    {
        double alpha = op.Node.Float("alpha", 1);
        return (inputs, _) => [inputs[0]!.threshold(alpha, 0)];
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}
