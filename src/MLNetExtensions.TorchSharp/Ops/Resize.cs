using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Resize.html">Resize</see> along any axes: nearest, linear or cubic, one axis after another. The common
/// forms (whole-factor nearest, bilinear) use libtorch's own kernels, the others a gather or a matrix of weights for each axis.
/// </summary>
internal static class Resize
{
    public static OpKernel Compile(OpCompilation op)
    {
        ResizeAxis[] axes = Axes(op);
        double extrapolation = op.Node.Float("extrapolation_value", 0);
        string mode = op.Node.String("mode", "nearest");
        bool isImage = op.InputType(0).Shape.Length == 4 && axes.All(a => a.Axis >= 2);
        long[] size = op.OutputType(0).Shape.Length == 4 ? op.OutputType(0).Shape[2..] : [];
        if (axes.Length == 0)
            return (inputs, _) => [inputs[0]!.alias()];

        switch (mode)
        {
            case "nearest" when isImage && axes.All(a => a.IsLibtorchNearest):
                return (inputs, _) => [F.interpolate(inputs[0]!, size, mode: torch.InterpolationMode.Nearest)];
            case "linear" when isImage && axes.All(a => a.IsLibtorchLinear(alignCorners: false)):
                return (inputs, _) => [F.interpolate(inputs[0]!, size, mode: torch.InterpolationMode.Bilinear, align_corners: false)];
            case "linear" when isImage && axes.All(a => a.IsLibtorchLinear(alignCorners: true)):
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
                using Tensor previous = y, outside = torch.tensor(axis.Outside, device: y.device).reshape(shape);
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
        using Tensor last = x.movedim([axis.Axis], [-1]), resized = last.matmul(weights);
        return resized.movedim([-1], [axis.Axis]);
    }

    /// <summary>The axes that change, each with the factor that ONNX's formulas use.</summary>
    private static ResizeAxis[] Axes(OpCompilation op)
    {
        long[] input = op.InputType(0).Shape, output = op.OutputType(0).Shape;
        long[] named = op.Node.Ints("axes") ?? [.. Enumerable.Range(0, input.Length).Select(axis => (long)axis)];
        float[]? scales = op.Node.HasInput(2) ? (op.ConstantInput(2) ?? throw op.Unsupported("scales computed at run time")).ToFloats() : null;
        long[]? sizes = op.ConstantInt64s(3);
        float[] roi = op.Node.HasInput(1) ? (op.ConstantInput(1) ?? throw op.Unsupported("a region computed at run time")).ToFloats() : [];
        bool crops = op.Node.String("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize";
        if (scales is not { Length: > 0 })
            scales = Scales(op.Node.String("keep_aspect_ratio_policy", "stretch"));

        var axes = new List<ResizeAxis>();
        for (int i = 0; i < named.Length; i++)
        {
            int axis = (int)Indices.Axis(named[i], input.Length);
            (float, float) region = roi.Length == 2 * named.Length ? (roi[i], roi[i + named.Length]) : (0, 1);
            if (input[axis] != output[axis] || scales[i] != 1 || (crops && region != (0, 1)))
                axes.Add(new ResizeAxis(op, axis, input[axis], output[axis], scales[i], region));
        }
        return [.. axes];

        float[] Scales(string policy)
        {
            if (sizes is null)
                throw op.Unsupported("neither scales nor sizes");
            float[] own = [.. named.Select((axis, i) => sizes[i] / (float)input[Indices.Axis(axis, input.Length)])];
            return policy switch
            {
                "not_larger" => [.. own.Select(_ => own.Min())],
                "not_smaller" => [.. own.Select(_ => own.Max())],
                _ => own,
            };
        }
    }
}
