using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__AveragePool.html">AveragePool</see> over one to three spatial dimensions, channels-last.
/// </summary>
internal static class AveragePool
{
    public static OpResult[] Compile(OpCompilation op)
    {
        var window = new Window(op, op.Node.Ints("kernel_shape") ?? throw op.Unsupported("no kernel_shape"));
        int rank = window.Kernel.Length;
        if (rank is < 1 or > 3)
            throw op.Unsupported($"{rank} spatial dimensions");
        bool includePad = op.Node.Int("count_include_pad", 0) != 0;
        TensorFlowGraph g = op.Graph;
        Symbol x = op.ChannelsLast(0);
        bool padded = Enumerable.Range(0, rank).Any(i => window.Begin[i] != 0 || window.ReachAfter(i) > 0);
        if (rank > 2 || window.Dilations.Any(d => d != 1) || padded)
        {
            // Windows at the border have fewer elements than others.
            Symbol[] views = WindowViews.Of(op, x, window, 0);
            Symbol sum = views.Length == 1 ? views[0] : op.Step(views, g.AddN(views), outputs => [.. views.Select(_ => outputs[0])]);
            return [new OpResult(op.Derive(sum, v => v * Shares(op, window, includePad, v.Type)), true)];
        }
        Symbol plane = rank == 1 ? op.ToPlane(x) : x;
        (long[] kernel, long[] strides, _) = WindowViews.InPlane(window);
        long[] shape = plane.Shape;
        Symbol y = Set(g.Op("AvgPool").Input(plane)).Output();
        op.Step([plane], y, outputs => [Set(g.Op("AvgPoolGrad").Input(g.Int32s(shape)).Input(outputs[0]!.Value)).Output()]);
        return [new OpResult(rank == 1 ? op.FromPlane(y) : y, true)];

        OpBuilder Set(OpBuilder builder) =>
            builder.Set("ksize", [1, .. kernel, 1]).Set("strides", [1, .. strides, 1]).Set("padding", "VALID");
    }

    /// <summary>One over the number of elements of each window.</summary>
    private static Symbol Shares(OpCompilation op, Window window, bool includePad, DataType type)
    {
        int rank = window.Kernel.Length;
        float[] counts = [1];
        for (int i = 0; i < rank; i++)
        {
            float[] along = window.CountsAlong(i, includePad);
            counts = [.. counts.SelectMany(c => along.Select(a => c * a))];
        }
        return op.Graph.Cast(op.Graph.Constant([.. counts.Select(c => 1 / c)], [.. window.Output, 1]), type);
    }
}
