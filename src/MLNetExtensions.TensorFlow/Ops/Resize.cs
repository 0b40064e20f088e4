using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Resize.html">Resize</see> along any axes: nearest, linear or cubic, one axis after
/// another. The common forms (nearest by floor, bilinear) use TensorFlow's own kernels, the others a gather or a matrix of weights for each
/// axis.
/// </summary>
internal static class Resize
{
    public static OpResult[] Compile(OpCompilation op)
    {
        ResizeAxis[] axes = ResizeAxis.Of(op);
        double extrapolation = op.Node.Float("extrapolation_value", 0);
        string mode = op.Node.String("mode", "nearest");
        int rank = op.InputType(0).Shape.Length;
        bool isImage = rank == 4 && axes.Length > 0 && axes.All(a => a.Axis >= 2);

        if (mode == "nearest" && isImage && axes.All(IsFloorNearest))
            return Native("ResizeNearestNeighbor", op.ChannelsLast(0), alignCorners: false, halfPixels: false);
        // TensorFlow's own interpolates into 32 bits.
        bool is32 = op.InputType(0).ElementType == Onnx.OnnxElementType.Float;
        if (
            mode == "linear"
            && isImage
            && is32
            && (axes.All(a => a.IsPlainLinear(alignCorners: false)) || axes.All(a => a.IsPlainLinear(alignCorners: true)))
        )
        {
            Symbol image = op.Widen(op.ChannelsLast(0));
            bool aligned = axes.All(a => a.IsPlainLinear(alignCorners: true));
            if (image.Type == DataType.Float)
                return Native("ResizeBilinear", image, aligned, !aligned);
        }

        Symbol y = op.AnyLayout(0, out bool last);
        y = mode == "nearest" ? op.Step([y], y) : op.Widen(y);
        foreach (ResizeAxis axis in axes)
        {
            int place = Steps.Place(axis.Axis, rank, last);
            y = mode == "nearest" ? op.Gather(y, op.Graph.Int32s(axis.Nearest), place) : Weigh(op, y, axis, place);
        }
        foreach (ResizeAxis axis in axes.Where(a => a.Outside.Contains(true)))
            y = Extrapolate(op, y, axis, Steps.Place(axis.Axis, rank, last), extrapolation);
        return [new OpResult(y, last)];

        OpResult[] Native(string type, Symbol image, bool alignCorners, bool halfPixels)
        {
            Symbol size = op.Graph.Int32s(op.OutputType(0).Shape[2..]);
            Symbol resized = op.Derive(
                image,
                v =>
                    op.Graph.Op(type).Input(v).Input(size).Set("align_corners", alignCorners).Set("half_pixel_centers", halfPixels).Output()
            );
            return [new OpResult(resized, ChannelsLast: true)];
        }
    }

    /// <summary>True if each output is the element that TensorFlow picks; it multiplies in 32 bits.</summary>
    private static bool IsFloorNearest(ResizeAxis axis)
    {
        float scale = axis.Input / (float)axis.Output;
        return !axis.Outside.Contains(true)
            && axis.Nearest.Select((element, i) => element == Math.Min((long)MathF.Floor(i * scale), axis.Input - 1)).All(same => same);
    }

    private static Symbol Weigh(OpCompilation op, Symbol x, ResizeAxis axis, int place)
    {
        TensorFlowGraph g = op.Graph;
        long[] shape = x.Shape,
            resized = x.Shape;
        resized[place] = axis.Output;
        Symbol weights = g.Cast(g.Constant(axis.Weights, axis.Input, axis.Output), x.Type);
        long before = Steps.Product(shape.AsSpan(0, place)),
            after = Steps.Product(shape.AsSpan(place + 1));
        return op.Step(
            [x],
            Multiply(x, axis.Input, transpose: true, resized),
            outputs => [Multiply(outputs[0]!.Value, axis.Output, transpose: false, shape)]
        );

        // [before, size, after] by the matrix from the left, or where nothing follows [before, size] from the right.
        Symbol Multiply(Symbol value, long size, bool transpose, long[] result) =>
            g.Reshape(
                after == 1
                    ? g.MatMul(g.Reshape(value, before, size), weights, transposeB: !transpose)
                    : g.BatchMatMul(transpose ? g.Transpose(weights, 1, 0) : weights, g.Reshape(value, before, size, after)),
                result
            );
    }

    private static Symbol Extrapolate(OpCompilation op, Symbol x, ResizeAxis axis, int place, double value)
    {
        TensorFlowGraph g = op.Graph;
        using Tensor mask = Tensor.Of<bool>(DataType.Bool, Steps.Along(x.Rank, place, axis.Output), axis.Outside);
        Symbol outside = g.Constant(mask);
        return op.Step(
            [x],
            g.Where(outside, g.Scalar(value, x.Type), x),
            outputs => [g.Where(outside, g.Scalar(0, x.Type), outputs[0]!.Value)]
        );
    }
}
