using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__MaxPool.html">MaxPool</see> over one to three spatial dimensions, channels-last.
/// </summary>
internal static class MaxPool
{
    public static OpResult[] Compile(OpCompilation op)
    {
        var window = new Window(op, op.Node.Ints("kernel_shape") ?? throw op.Unsupported("no kernel_shape"));
        int rank = window.Kernel.Length;
        if (rank is < 1 or > 3)
            throw op.Unsupported($"{rank} spatial dimensions");
        if (op.IsOutputUsed(1))
            return MaxPoolIndices.Compile(op, window);
        TensorFlowGraph g = op.Graph;
        Symbol x = op.ChannelsLast(0);
        DataType type = x.Type;
        // Integers have no lowest value to pad with that would not be one of theirs.
        if (!type.IsFloating())
            x = op.Derive(x, v => g.Cast(v, DataType.Double));
        if (rank > 2 || window.Dilations.Any(d => d != 1))
        {
            Symbol[] views = WindowViews.Of(op, x, window, double.NegativeInfinity);
            return [new OpResult(Back(views.Aggregate((a, b) => op.Step([a, b], g.Maximum(a, b)))), true)];
        }
        Symbol plane = rank == 1 ? op.ToPlane(x) : x;
        (long[] kernel, long[] strides, (long, long)[] pads) = WindowViews.InPlane(window);
        (string padding, plane) = WindowViews.Pad(op, plane, kernel, strides, pads, double.NegativeInfinity);
        Symbol pooled = Set(g.Op("MaxPool").Input(plane)).Output();
        op.Step([plane], pooled, outputs => [Set(g.Op("MaxPoolGrad").Input(plane).Input(pooled).Input(outputs[0]!.Value)).Output()]);
        Symbol y = rank == 1 ? op.FromPlane(pooled) : pooled;
        return [new OpResult(Back(y), true)];

        OpBuilder Set(OpBuilder builder) =>
            builder.Set("ksize", [1, .. kernel, 1]).Set("strides", [1, .. strides, 1]).Set("padding", padding);

        Symbol Back(Symbol value) => value.Type == type ? value : op.Derive(value, v => g.Cast(v, type));
    }
}
