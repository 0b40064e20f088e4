using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>Reductions over axes that are a constant input, in 32 bits or the input's own type.</summary>
internal static class Reduce
{
    private delegate Tensor Reduction(Tensor x, long[] axes, bool keep);

    public static OpRegistration[] Registrations =>
        [
            Of("ReduceL1", (x, axes, keep) => torch.linalg.vector_norm(x, 1, axes, keep), floatsOnly: true),
            Of("ReduceL2", (x, axes, keep) => torch.linalg.vector_norm(x, 2, axes, keep), floatsOnly: true),
            Of("ReduceLogSum", (x, axes, keep) => x.sum(axes, keep).log()),
            Of("ReduceLogSumExp", LogSumExp),
            Of("ReduceMax", (x, axes, keep) => x.amax(axes, keep), emptyValue: double.NegativeInfinity),
            Of("ReduceMean", (x, axes, keep) => x.mean(axes, keep), floatsOnly: true),
            Of("ReduceMin", (x, axes, keep) => x.amin(axes, keep), emptyValue: double.PositiveInfinity),
            Of("ReduceProd", Product),
            Of("ReduceSum", (x, axes, keep) => x.sum(axes, keep)),
            Of("ReduceSumSquare", (x, axes, keep) => x.square().sum(axes, keep)),
        ];

    private static Tensor LogSumExp(Tensor x, long[] axes, bool keep)
    {
        // TorchSharp takes one axis a call; the log-sum-exp of log-sum-exps is that of all.
        foreach (long axis in axes)
            x = x.logsumexp(axis, true);
        return keep ? x : Squeeze(x, axes);
    }

    private static Tensor Product(Tensor x, long[] axes, bool keep)
    {
        foreach (long axis in axes)
            x = x.prod(axis, true);
        return keep ? x : Squeeze(x, axes);
    }

    private static Tensor Squeeze(Tensor x, long[] axes) => x.reshape([.. x.shape.Where((_, axis) => !axes.Contains(axis))]);

    private static OpRegistration Of(string opType, Reduction reduction, bool floatsOnly = false, double? emptyValue = null) =>
        new(opType, op => Compile(op, reduction, floatsOnly, emptyValue));

    private static OpKernel Compile(OpCompilation op, Reduction reduction, bool floatsOnly, double? emptyValue)
    {
        long[] output = op.OutputType(0).Shape;
        bool keep = op.Node.Int("keepdims", 1) != 0;
        long[] axes = Axes.Reduced(op);
        if (axes.Length == 0)
        {
            // No axis is reduced, but the function is applied: over a dimension of one element.
            return (inputs, run) => [Run(inputs[0]!.unsqueeze(0), run, [0], false)];
        }
        if (emptyValue is { } value && op.InputType(0).Count == 0)
            return (inputs, _) => [torch.full(output, value, inputs[0]!.dtype, inputs[0]!.device)];
        return (inputs, run) => [Run(inputs[0]!, run, axes, keep)];

        Tensor Run(Tensor x, RunContext run, long[] over, bool keepDimensions)
        {
            x = run.ToFloat32(x);
            torch.ScalarType type = x.dtype;
            if (floatsOnly && !x.is_floating_point())
                x = x.to(torch.ScalarType.Float64);
            Tensor y = reduction(x, over, keepDimensions);
            return y.dtype == type ? y : y.to(type);
        }
    }
}
