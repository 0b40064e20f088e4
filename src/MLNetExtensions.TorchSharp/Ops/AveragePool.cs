using MLNetExtensions.Onnx.Operators;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__AveragePool.html">AveragePool</see> over one to three spatial dimensions.
/// </summary>
internal static class AveragePool
{
    public static OpKernel Compile(OpCompilation op)
    {
        var window = new Window(op, op.Node.Ints("kernel_shape") ?? throw op.Unsupported("no kernel_shape"));
        int rank = window.Kernel.Length;
        if (rank is < 1 or > 3)
            throw op.Unsupported($"{rank} spatial dimensions");
        bool includePad = op.Node.Int("count_include_pad", 0) != 0;
        bool native = window.IsNativePool && window.Dilations.All(d => d == 1) && !(includePad && window.ExceedsPadding);

        return (inputs, run) =>
        {
            // libtorch averages volumes in 32 bits only.
            Tensor x = rank == 3 ? run.ToFloat32(inputs[0]!) : inputs[0]!;
            if (native)
            {
                return
                [
                    rank switch
                    {
                        1 => F.avg_pool1d(x, window.Kernel[0], window.Strides[0], window.Begin[0], false, includePad),
                        2 => F.avg_pool2d(x, window.Kernel, window.Strides, window.Begin, false, includePad),
                        _ => F.avg_pool3d(x, window.Kernel, window.Strides, window.Begin, false, includePad),
                    },
                ];
            }
            using Tensor sums = WindowSum.Of(x, window);
            using Tensor counts = window.Counts(includePad, x.dtype, x.device);
            return [sums.div(counts)];
        };
    }
}
