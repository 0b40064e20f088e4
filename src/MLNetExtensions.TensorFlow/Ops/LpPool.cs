using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__LpPool.html">LpPool</see>: the p-norm of every window.</summary>
internal static class LpPool
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        var window = new Window(op, op.Node.Ints("kernel_shape") ?? throw op.Unsupported("no kernel_shape"));
        int rank = window.Kernel.Length;
        if (rank is < 1 or > 3)
            throw op.Unsupported($"{rank} spatial dimensions");
        double p = op.Node.Int("p", 2);
        Symbol x = op.Widen(op.ChannelsLast(0));
        Symbol powers = op.Derive(x, v => p == 2 ? g.Square(v) : g.Pow(g.Abs(v), g.Scalar(p, v.Type)));
        Symbol sums = WindowViews.Border(op, powers, window, 0);
        if (rank == 2 && window.Dilations.All(d => d == 1))
        {
            long[] kernel = [1, .. window.Kernel, 1],
                strides = [1, .. window.Strides, 1];
            sums = op.Derive(
                sums,
                v =>
                    g.Op("AvgPool").Input(v).Set("ksize", kernel).Set("strides", strides).Set("padding", "VALID").Output()
                    * Steps.Product(kernel)
            );
        }
        else
        {
            for (int i = 0; i < rank; i++)
                sums = Sum(op, sums, window, i);
        }
        return [new OpResult(op.Derive(sums, v => p == 2 ? g.Sqrt(v) : g.Pow(v, g.Scalar(1 / p, v.Type))), ChannelsLast: true)];
    }

    /// <summary>The sums of the windows along one dimension: of the window's first elements, its second ones, and so on.</summary>
    private static Symbol Sum(OpCompilation op, Symbol x, Window window, int dimension)
    {
        TensorFlowGraph g = op.Graph;
        long[] begin = new long[x.Rank],
            end = x.Shape,
            steps = Steps.Along(x.Rank, dimension + 1, window.Strides[dimension]);
        return op.Derive(
            x,
            v =>
                g.AddN([
                    .. Enumerable
                        .Range(0, (int)window.Kernel[dimension])
                        .Select(element =>
                        {
                            begin[dimension + 1] = element * window.Dilations[dimension];
                            end[dimension + 1] = begin[dimension + 1] + ((window.Output[dimension] - 1) * window.Strides[dimension]) + 1;
                            return g.Op("StridedSlice")
                                .Input(v)
                                .Input(g.Int32s(begin))
                                .Input(g.Int32s(end))
                                .Input(g.Int32s(steps))
                                .Output();
                        }),
                ])
        );
    }
}
