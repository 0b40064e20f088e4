using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Conv.html">Conv</see> over one to three spatial dimensions, channels-last. One dimension
/// is two with a height of 1; groups are convolutions by themselves, but for one group a channel, which is TensorFlow's depthwise
/// convolution.
/// </summary>
internal static class Conv
{
    public static OpResult[] Compile(OpCompilation op)
    {
        long[] shape = op.InputType(1).Shape;
        var window = new Window(op, shape[2..]);
        int rank = window.Kernel.Length,
            groups = (int)op.Node.Int("group", 1);
        if (rank is < 1 or > 3)
            throw op.Unsupported($"{rank} spatial dimensions");
        if (op.InputType(0).ElementType.ToDataType()?.IsFloating() != true)
            throw op.Unsupported($"element type {op.InputType(0).ElementType}");

        long channels = op.InputType(0).Shape[1];
        Symbol x = op.ToCompute(op.ChannelsLast(0)),
            kernel = rank == 2 ? op.Kernel(1) : ToKernel(op, op.Input(1));
        kernel = op.ToCompute(kernel);
        Symbol y = rank switch
        {
            1 => Line(op, x, kernel, window, groups, channels),
            2 => Planes(op, x, kernel, window, groups, channels),
            _ => Volumes(op, x, kernel, window, groups),
        };
        if (op.Node.HasInput(2))
            y = op.BiasAdd(y, op.ToCompute(op.Input(2)));
        return [new OpResult(y, true)];
    }

    /// <summary>Weights of [output, input, ...] as [..., input, output].</summary>
    private static Symbol ToKernel(OpCompilation op, Symbol weights) =>
        op.Transpose(weights, [.. Enumerable.Range(2, weights.Rank - 2).Select(axis => (long)axis), 1, 0]);

    private static Symbol Line(OpCompilation op, Symbol x, Symbol kernel, Window window, int groups, long channels) =>
        op.FromPlane(
            Convolve(
                op,
                op.ToPlane(x),
                op.Reshape(kernel, [1, .. kernel.Shape]),
                [1, window.Strides[0]],
                [1, window.Dilations[0]],
                [(0, 0), (window.Begin[0], window.ReachAfter(0))],
                groups,
                channels
            )
        );

    private static Symbol Planes(OpCompilation op, Symbol x, Symbol kernel, Window window, int groups, long channels) =>
        Convolve(
            op,
            x,
            kernel,
            window.Strides,
            window.Dilations,
            [(window.Begin[0], window.ReachAfter(0)), (window.Begin[1], window.ReachAfter(1))],
            groups,
            channels
        );

    private static Symbol Convolve(
        OpCompilation op,
        Symbol x,
        Symbol kernel,
        long[] strides,
        long[] dilations,
        (long Before, long After)[] pads,
        int groups,
        long channels
    )
    {
        // Elements that no window reads are skipped automatically.
        pads = [.. pads.Select(p => (p.Before, Math.Max(0, p.After)))];
        if (groups == 1)
            return Plane(op, x, kernel, strides, dilations, pads);
        if (groups == channels && strides[0] == strides[1] && dilations is [1, 1])
            return Depthwise(op, x, kernel, strides, pads);
        TensorFlowGraph g = op.Graph;
        long outputs = kernel.Shape[3];
        Symbol[] parts =
        [
            .. Enumerable
                .Range(0, groups)
                .Select(i =>
                    Plane(
                        op,
                        op.Part(x, 3, i * channels / groups, channels / groups),
                        op.Part(kernel, 3, i * outputs / groups, outputs / groups),
                        strides,
                        dilations,
                        pads
                    )
                ),
        ];
        return op.Step(
            parts,
            g.Concat(parts, 3),
            dy => [.. Enumerable.Range(0, groups).Select(i => (Symbol?)g.Narrow(dy[0]!.Value, 3, i * outputs / groups, outputs / groups))]
        );
    }

    private static Symbol Plane(
        OpCompilation op,
        Symbol x,
        Symbol kernel,
        long[] strides,
        long[] dilations,
        (long Before, long After)[] pads
    )
    {
        TensorFlowGraph g = op.Graph;
        // The gradients of dilated convolutions have no kernel in every build: a kernel with zeros in between does the same.
        if (dilations is not [1, 1])
            kernel = op.Stretch(kernel, dilations);
        (string padding, long[] explicitPads) = Padding(x.Shape, kernel.Shape, strides, pads);
        long[] steps = [1, strides[0], strides[1], 1],
            sizeX = x.Shape,
            sizeKernel = kernel.Shape;
        Symbol y = Set(g.Op("Conv2D").Input(x).Input(kernel)).Output();
        return op.Step(
            [x, kernel],
            y,
            outputs =>
                [
                    op.IsWatched(x)
                        ? Set(g.Op("Conv2DBackpropInput").Input(g.Int32s(sizeX)).Input(kernel).Input(outputs[0]!.Value)).Output()
                        : null,
                    op.IsWatched(kernel)
                        ? Set(g.Op("Conv2DBackpropFilter").Input(x).Input(g.Int32s(sizeKernel)).Input(outputs[0]!.Value)).Output()
                        : null,
                ]
        );

        OpBuilder Set(OpBuilder builder) => builder.Set("strides", steps).Set("padding", padding).Set("explicit_paddings", explicitPads);
    }

    private static Symbol Depthwise(OpCompilation op, Symbol x, Symbol kernel, long[] strides, (long Before, long After)[] pads)
    {
        TensorFlowGraph g = op.Graph;
        long channels = x.Shape[3],
            multiplier = kernel.Shape[3] / channels;
        Symbol filter = op.Reshape(kernel, kernel.Shape[0], kernel.Shape[1], channels, multiplier);
        // Fused with a bias, it loses its explicit paddings on the way, and TensorFlow ends the process.
        if (op.Node.HasInput(2) && PlanePadding.NameOf(x.Shape, filter.Shape, strides, pads) is null)
        {
            x = op.Pad(x, [(0, 0), pads[0], pads[1], (0, 0)]);
            pads = [(0, 0), (0, 0)];
        }
        (string padding, long[] explicitPads) = Padding(x.Shape, filter.Shape, strides, pads);
        long[] steps = [1, strides[0], strides[1], 1],
            sizeX = x.Shape,
            sizeFilter = filter.Shape;
        Symbol y = Set(g.Op("DepthwiseConv2dNative").Input(x).Input(filter)).Output();
        return op.Step(
            [x, filter],
            y,
            outputs =>
                [
                    op.IsWatched(x)
                        ? Set(g.Op("DepthwiseConv2dNativeBackpropInput").Input(g.Int32s(sizeX)).Input(filter).Input(outputs[0]!.Value))
                            .Output()
                        : null,
                    op.IsWatched(filter)
                        ? Set(g.Op("DepthwiseConv2dNativeBackpropFilter").Input(x).Input(g.Int32s(sizeFilter)).Input(outputs[0]!.Value))
                            .Output()
                        : null,
                ]
        );

        OpBuilder Set(OpBuilder builder) => builder.Set("strides", steps).Set("padding", padding).Set("explicit_paddings", explicitPads);
    }

    private static Symbol Volumes(OpCompilation op, Symbol x, Symbol kernel, Window window, int groups)
    {
        TensorFlowGraph g = op.Graph;
        if (groups != 1)
            throw op.Unsupported("groups over 3 spatial dimensions");
        if (window.Dilations.Any(d => d != 1))
            kernel = op.Stretch(kernel, window.Dilations);
        x = WindowViews.Border(op, x, window, 0);
        long[] steps = [1, .. window.Strides, 1],
            sizeX = x.Shape,
            sizeKernel = kernel.Shape;
        Symbol y = Set(g.Op("Conv3D").Input(x).Input(kernel)).Output();
        return op.Step(
            [x, kernel],
            y,
            outputs =>
                [
                    op.IsWatched(x)
                        ? Set(g.Op("Conv3DBackpropInputV2").Input(g.Int32s(sizeX)).Input(kernel).Input(outputs[0]!.Value)).Output()
                        : null,
                    op.IsWatched(kernel)
                        ? Set(g.Op("Conv3DBackpropFilterV2").Input(x).Input(g.Int32s(sizeKernel)).Input(outputs[0]!.Value)).Output()
                        : null,
                ]
        );

        OpBuilder Set(OpBuilder builder) => builder.Set("strides", steps).Set("padding", "VALID");
    }

    private static (string Padding, long[] Explicit) Padding(long[] x, long[] kernel, long[] strides, (long Before, long After)[] pads) =>
        PlanePadding.NameOf(x, kernel, strides, pads) is { } name
            ? (name, [])
            : ("EXPLICIT", [0, 0, pads[0].Before, pads[0].After, pads[1].Before, pads[1].After, 0, 0]);
}
