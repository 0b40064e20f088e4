using MLNetExtensions.Onnx.Operators;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__MaxPool.html">MaxPool</see> over one to three spatial dimensions.</summary>
internal static class MaxPool
{
    public static OpKernel Compile(OpCompilation op)
    {
        var window = new Window(op, op.Node.Ints("kernel_shape") ?? throw op.Unsupported("no kernel_shape"));
        int rank = window.Kernel.Length;
        if (rank is < 1 or > 3)
            throw op.Unsupported($"{rank} spatial dimensions");
        bool native = window.IsNativePool;
        if (op.IsOutputUsed(1))
            return CompileWithIndices(op, window);
        bool floating = op.InputType(0).ElementType.IsFloating();
        long[] none = new long[rank];

        return (inputs, _) =>
        {
            Tensor x = inputs[0]!;
            if (!floating)
                x = x.to(torch.ScalarType.Float64);
            Tensor y;
            if (native)
            {
                y = Run(x, window.Begin);
            }
            else
            {
                using Tensor padded = window.Pad(x, double.NegativeInfinity);
                y = Run(padded, none);
            }
            return [floating ? y : y.to(inputs[0]!.dtype)];
        };

        Tensor Run(Tensor x, long[] pads) =>
            rank switch
            {
                1 => F.max_pool1d(x, window.Kernel[0], window.Strides[0], pads[0], window.Dilations[0]),
                2 => F.max_pool2d(x, window.Kernel, window.Strides, pads, window.Dilations),
                _ => F.max_pool3d(x, window.Kernel, window.Strides, pads, window.Dilations),
            };
    }

    /// <summary>
    /// The second output: positions in the whole flattened input, with <c>storage_order</c> 1 counted column by column within a plane.
    /// </summary>
    private static OpKernel CompileWithIndices(OpCompilation op, Window window)
    {
        int rank = window.Kernel.Length;
        long storageOrder = op.Node.Int("storage_order", 0);
        if (!window.IsNativePool)
            throw op.Unsupported("indices with asymmetric pads or ceil_mode");
        if (storageOrder != 0 && rank != 2)
            throw op.Unsupported("storage_order 1 on other than 2 spatial dimensions");
        long planes = op.InputType(0).Shape[0] * op.InputType(0).Shape[1];
        long planeSize = window.Input.Aggregate(1L, (product, size) => product * size);
        long[] planeShape = [op.InputType(0).Shape[0], op.InputType(0).Shape[1], .. Enumerable.Repeat(1L, rank)];

        return (inputs, _) =>
        {
            Tensor x = inputs[0]!;
            (Tensor y, Tensor inPlane) = rank switch
            {
                1 => F.max_pool1d_with_indices(x, window.Kernel[0], window.Strides[0], window.Begin[0], window.Dilations[0]),
                2 => F.max_pool2d_with_indices(x, window.Kernel, window.Strides, window.Begin, window.Dilations),
                _ => F.max_pool3d_with_indices(x, window.Kernel, window.Strides, window.Begin, window.Dilations),
            };
            if (storageOrder != 0)
                inPlane = inPlane.remainder(window.Input[1]).mul(window.Input[0]).add(inPlane.floor_divide(window.Input[1]));
            using Tensor offsets = torch.arange(planes, torch.ScalarType.Int64, x.device).mul(planeSize).reshape(planeShape);
            return [y, inPlane.add(offsets)];
        };
    }
}
