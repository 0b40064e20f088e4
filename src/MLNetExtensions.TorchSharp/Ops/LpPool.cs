using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__LpPool.html">LpPool</see>: the p-norm of every window.</summary>
internal static class LpPool
{
    public static OpKernel Compile(OpCompilation op)
    {
        var window = new Window(op, op.Node.Ints("kernel_shape") ?? throw op.Unsupported("no kernel_shape"));
        if (window.Kernel.Length is < 1 or > 3)
            throw op.Unsupported($"{window.Kernel.Length} spatial dimensions");
        long p = op.Node.Int("p", 2);
        return (inputs, run) =>
        {
            using Tensor powers = run.ToFloat32(inputs[0]!).abs().pow(p);
            using Tensor sums = WindowSum.Of(powers, window);
            return [sums.pow(1.0 / p)];
        };
    }
}
