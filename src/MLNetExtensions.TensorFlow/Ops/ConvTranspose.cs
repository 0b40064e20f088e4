using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__ConvTranspose.html">ConvTranspose</see> over one to three spatial dimensions: the
/// gradient of a convolution by its input, whose own gradients are that convolution and its gradient by the weights.
/// </summary>
internal static class ConvTranspose
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        var window = new TransposedWindow(op);
        int rank = window.Kernel.Length,
            groups = (int)op.Node.Int("group", 1);
        Symbol x = op.ToCompute(op.ChannelsLast(0)),
            weight = op.ToCompute(op.Input(1));
        // TensorFlow's own crops images, and lengthens their end by less than a step; volumes are cropped afterward.
        bool crops = rank <= 2 && Enumerable.Range(0, rank).All(i => window.Begin[i] >= 0 && window.End[i] > -window.Strides[i]);
        long[] strides = window.Strides,
            size = crops ? window.Output : window.Full,
            pads = new long[2 * rank];
        for (int i = 0; i < rank && crops; i++)
            (pads[2 * i], pads[(2 * i) + 1]) = (window.Begin[i], Math.Max(0, window.End[i]));
        // From [input, output, spatial...] to [spatial..., output, input].
        Symbol kernel = op.Transpose(weight, [.. Enumerable.Range(2, rank).Select(axis => (long)axis), 1, 0]);
        // TensorFlow's gradients have no dilation on the CPU.
        if (window.Dilations.Any(d => d != 1))
            kernel = op.Stretch(kernel, window.Dilations);
        if (rank == 1)
        {
            // An image of one row.
            x = op.ToPlane(x);
            kernel = op.Reshape(kernel, [1, .. kernel.Shape]);
            (strides, size, pads) = ([1, .. strides], [1, .. size], [0, 0, .. pads]);
        }

        long each = x.Shape[^1] / groups;
        var parts = new Symbol[groups];
        for (int group = 0; group < groups; group++)
            parts[group] = Scatter(op, Part(x, group), Part(kernel, group), strides, size, pads);
        Symbol y =
            groups == 1
                ? parts[0]
                : op.Step(
                    parts,
                    g.Concat(parts, x.Rank - 1),
                    outputs => [.. g.Split(outputs[0]!.Value, [.. parts.Select(p => p.Shape[^1])], x.Rank - 1)]
                );
        if (rank == 1)
            y = op.FromPlane(y);
        if (!crops)
            y = op.Pad(y, [(0, 0), .. window.Begin.Zip(window.End, (begin, end) => (-begin, -end)), (0, 0)]);
        if (op.Node.HasInput(2))
            y = op.BiasAdd(y, op.ToCompute(op.Input(2)));
        return [new OpResult(y, ChannelsLast: true)];

        Symbol Part(Symbol value, int group) => op.Part(value, value.Rank - 1, group * each, each);
    }

    /// <summary>The sum of a kernel at every place, times the value there.</summary>
    private static Symbol Scatter(OpCompilation op, Symbol x, Symbol kernel, long[] strides, long[] size, long[] pads)
    {
        TensorFlowGraph g = op.Graph;
        string convolution = strides.Length == 2 ? "Conv2D" : "Conv3D",
            version = strides.Length == 2 ? "" : "V2";
        long[] steps = [1, .. strides, 1],
            shape = [x.Shape[0], .. size, kernel.Shape[^2]];
        Symbol y = With(g.Op($"{convolution}BackpropInput{version}").Input(g.Int32s(shape)).Input(kernel).Input(x));
        return op.Step(
            [x, kernel],
            y,
            outputs =>
            {
                Symbol dy = outputs[0]!.Value;
                return
                [
                    With(g.Op(convolution).Input(dy).Input(kernel)),
                    With(g.Op($"{convolution}BackpropFilter{version}").Input(dy).Input(g.Int32s(kernel.Shape)).Input(x)),
                ];
            }
        );

        Symbol With(OpBuilder builder) =>
            (
                pads.Any(p => p != 0)
                    ? builder.Set("padding", "EXPLICIT").Set("explicit_paddings", [0, 0, .. pads, 0, 0])
                    : builder.Set("padding", "VALID")
            )
                .Set("strides", steps)
                .Output();
    }
}
