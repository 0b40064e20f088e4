namespace MLNetExtensions.Onnx.Operators;

/// <summary>
/// The windows of a Conv or pooling node over the spatial dimensions (those after batch and channels). ONNX pads begin and end apart and
/// may round the output up; runtimes that cannot do both pad the input themselves, see <see cref="ReachAfter"/>.
/// </summary>
internal sealed class Window
{
    private readonly bool _ceil;

    public Window(OpNode op, long[] kernel)
    {
        int rank = kernel.Length;
        Kernel = kernel;
        Strides = op.Node.Ints("strides") ?? Ones(rank);
        Dilations = op.Node.Ints("dilations") ?? Ones(rank);
        Input = op.InputType(0).Shape[2..];
        Output = op.OutputType(0).Shape[2..];
        long[] pads = op.Node.Ints("pads") ?? new long[2 * rank];
        Begin = pads[..rank];
        End = pads[rank..];
        _ceil = op.Node.Int("ceil_mode", 0) != 0;
        string autoPad = op.Node.String("auto_pad", "NOTSET");
        if (autoPad is not ("NOTSET" or "VALID"))
            throw op.Unsupported($"auto_pad {autoPad} without resolved pads");
        IsSymmetric = Enumerable.Range(0, rank).All(i => (Input[i] + 2 * Begin[i] - Extent(i)) / Strides[i] + 1 == Output[i]);
    }

    /// <summary>The window's size along each spatial dimension.</summary>
    public long[] Kernel { get; }

    /// <summary>The steps between windows.</summary>
    public long[] Strides { get; }

    /// <summary>The steps between a window's elements.</summary>
    public long[] Dilations { get; }

    /// <summary>The input's spatial sizes.</summary>
    public long[] Input { get; }

    /// <summary>The number of windows along each dimension.</summary>
    public long[] Output { get; }

    /// <summary>The declared padding before the first element.</summary>
    public long[] Begin { get; }

    /// <summary>The declared padding after the last element.</summary>
    public long[] End { get; }

    /// <summary>True if padding by <see cref="Begin"/> on both sides, rounding down, gives exactly these windows.</summary>
    public bool IsSymmetric { get; }

    /// <summary>True if some window reaches beyond the declared padding, where an average over padding counts fewer elements.</summary>
    public bool ExceedsPadding => _ceil && Enumerable.Range(0, Kernel.Length).Any(i => LastReach(i) > Input[i] + End[i]);

    /// <summary>The distance by which the last window reaches beyond the input; negative if no window reads the last elements.</summary>
    public long ReachAfter(int i) => LastReach(i) - Input[i];

    /// <summary>
    /// The number of each window's elements along a dimension that lie inside the input (or also inside its declared padding).
    /// </summary>
    public float[] CountsAlong(int i, bool includePad)
    {
        long low = includePad ? -Begin[i] : 0,
            high = includePad ? Input[i] + End[i] : Input[i];
        var along = new float[Output[i]];
        for (long o = 0; o < Output[i]; o++)
        for (long k = 0; k < Kernel[i]; k++)
            if (o * Strides[i] - Begin[i] + k * Dilations[i] is long position && position >= low && position < high)
                along[o]++;
        return along;
    }

    private static long[] Ones(int rank) => [.. Enumerable.Repeat(1L, rank)];

    private long Extent(int i) => (Kernel[i] - 1) * Dilations[i] + 1;

    private long LastReach(int i) => (Output[i] - 1) * Strides[i] + Extent(i) - Begin[i];
}
