using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__LRN.html">LRN</see> across channels. Written out because for even sizes libtorch's window lies one
/// channel off ONNX's.
/// </summary>
internal static class Lrn
{
    public static OpKernel Compile(OpCompilation op)
    {
        long size = op.Node.Int("size", 0);
        double alpha = op.Node.Float("alpha", 1e-4f), beta = op.Node.Float("beta", 0.75f), bias = op.Node.Float("bias", 1);
        if (size <= 0)
            throw op.Unsupported("no size");
        long[] shape = op.InputType(0).Shape;
        long[] pads = [.. new long[2 * (shape.Length - 2)], (size - 1) / 2, size - 1 - (size - 1) / 2];
        return (inputs, run) =>
        {
            Tensor x = run.ToFloat32(inputs[0]!);
            using Tensor square = x.square(), padded = F.pad(square, pads);
            Tensor sum = padded.narrow(1, 0, shape[1]);
            for (long offset = 1; offset < size; offset++)
                sum = sum.add(padded.narrow(1, offset, shape[1]));
            using Tensor divisor = sum.mul(alpha / size).add(bias).pow(beta);
            return [x.div(divisor)];
        };
    }
}
