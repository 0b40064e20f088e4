using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// A pooling node's windows over a channels-last value, for TensorFlow's poolings over planes and, where there is none, element by element.
/// </summary>
internal static class WindowViews
{
    /// <summary>The window over a plane: one dimension is a plane of one row.</summary>
    public static (long[] Kernel, long[] Strides, (long Before, long After)[] Pads) InPlane(Window window)
    {
        (long, long)[] pads =
        [
            .. Enumerable.Range(0, window.Kernel.Length).Select(i => (window.Begin[i], Math.Max(0, window.ReachAfter(i)))),
        ];
        return window.Kernel.Length == 1
            ? ([1, .. window.Kernel], [1, .. window.Strides], [(0, 0), .. pads])
            : (window.Kernel, window.Strides, pads);
    }

    /// <summary>TensorFlow's name for a plane's padding, and the plane: padded by a value where it has no name.</summary>
    public static (string Padding, Symbol Plane) Pad(
        OpCompilation op,
        Symbol plane,
        long[] kernel,
        long[] strides,
        (long Before, long After)[] pads,
        double value
    ) =>
        PlanePadding.NameOf(plane.Shape, kernel, strides, pads) is { } name
            ? (name, plane)
            : ("VALID", op.Pad(plane, [(0, 0), pads[0], pads[1], (0, 0)], value));

    /// <summary>
    /// A value, its channels last, with a border so that windows without any padding are the node's; what no window reads is cropped.
    /// </summary>
    public static Symbol Border(OpCompilation op, Symbol x, Window window, double value) =>
        op.Pad(
            x,
            [(0, 0), .. Enumerable.Range(0, window.Kernel.Length).Select(i => (window.Begin[i], window.ReachAfter(i))), (0, 0)],
            value
        );

    /// <summary>
    /// For each element of the window, its value at every window's place: as many values of the output's shape. The kernel notes its steps.
    /// </summary>
    public static Symbol[] Of(OpCompilation op, Symbol x, Window window, double padding)
    {
        Symbol padded = Border(op, x, window, padding);
        long[] shape = padded.Shape;
        IEnumerable<long[]> elements =
        [
            [],
        ];
        foreach (long size in window.Kernel)
            elements = elements.SelectMany(e => Enumerable.Range(0, (int)size).Select(k => (long[])[.. e, k]));
        return
        [
            .. elements.Select(element =>
            {
                long[] begin = [0, .. element.Select((k, i) => k * window.Dilations[i]), 0];
                long[] end =
                [
                    shape[0],
                    .. element.Select((k, i) => k * window.Dilations[i] + (window.Output[i] - 1) * window.Strides[i] + 1),
                    shape[^1],
                ];
                return op.Stride(padded, begin, end, [1, .. window.Strides, 1]);
            }),
        ];
    }
}
