using MLNetExtensions.Onnx.Operators;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Resize.html">Resize</see> along any axes: nearest, linear or cubic, one axis after
/// another. The common forms (whole-factor nearest, bilinear) use libtorch's own kernels, the others a gather or a matrix of weights for
/// each axis.
/// </summary>
internal static class Resize
{
    public static OpKernel Compile(OpCompilation op)
    {
        ResizeAxis[] axes = ResizeAxis.Of(op);
        double extrapolation = op.Node.Float("extrapolation_value", 0);
        string mode = op.Node.String("mode", "nearest");
        bool isImage = op.InputType(0).Shape.Length == 4 && axes.All(a => a.Axis >= 2);
        long[] size = op.OutputType(0).Shape.Length == 4 ? op.OutputType(0).Shape[2..] : [];
        if (axes.Length == 0)
            return (inputs, _) => [inputs[0]!.alias()];

        switch (mode)
        {
            case "nearest" when isImage && axes.All(a => a.IsFloorNearest):
                return (inputs, _) => [F.interpolate(inputs[0]!, size, mode: torch.InterpolationMode.Nearest)];
            case "linear" when isImage && axes.All(a => a.IsPlainLinear(alignCorners: false)):
                return (inputs, _) => [F.interpolate(inputs[0]!, size, mode: torch.InterpolationMode.Bilinear, align_corners: false)];
            case "linear" when isImage && axes.All(a => a.IsPlainLinear(alignCorners: true)):
                return (inputs, _) => [F.interpolate(inputs[0]!, size, mode: torch.InterpolationMode.Bilinear, align_corners: true)];
        }

        return (inputs, run) =>
        {
            Tensor y = mode == "nearest" ? inputs[0]!.alias() : run.ToFloat32(inputs[0]!).alias();
            foreach (ResizeAxis axis in axes)
            {
                using Tensor previous = y;
                y = mode == "nearest" ? Pick(previous, axis) : Weigh(previous, axis);
            }
            foreach (ResizeAxis axis in axes.Where(a => a.Outside.Contains(true)))
            {
                long[] shape = [.. y.shape.Select((length, i) => i == axis.Axis ? length : 1)];
                using Tensor previous = y,
                    outside = torch.tensor(axis.Outside, device: y.device).reshape(shape);
                y = previous.masked_fill(outside, extrapolation);
            }
            return [y];
        };
    }

    private static Tensor Pick(Tensor x, ResizeAxis axis)
    {
        using Tensor index = torch.tensor(axis.Nearest, device: x.device);
        return x.index_select(axis.Axis, index);
    }

    private static Tensor Weigh(Tensor x, ResizeAxis axis)
    {
        using Tensor weights = torch.tensor(axis.Weights, x.dtype, x.device).reshape(axis.Input, axis.Output);
        using Tensor last = x.movedim([axis.Axis], [-1]),
            resized = last.matmul(weights);
        return resized.movedim([-1], [axis.Axis]);
    }
}
