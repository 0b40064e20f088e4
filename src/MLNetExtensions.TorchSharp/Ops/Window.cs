using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// The windows of a Conv or pooling node over the spatial dimensions (those after batch and channels). ONNX pads begin and end apart and may
/// round the output up; libtorch pads both sides alike. What libtorch cannot do itself is padded explicitly by <see cref="Pad"/>.
/// </summary>
internal sealed class Window
{
    private readonly bool _ceil;

    public Window(OpCompilation op, long[] kernel)
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
        IsNative = Enumerable.Range(0, rank).All(i => (Input[i] + 2 * Begin[i] - Extent(i)) / Strides[i] + 1 == Output[i]);
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

    /// <summary>Whether libtorch's padding of <see cref="Begin"/> on both sides, rounding down, gives exactly these windows.</summary>
    public bool IsNative { get; }

    /// <summary>Whether libtorch's poolings accept <see cref="Begin"/>: they refuse more than half the kernel.</summary>
    public bool IsNativePool => IsNative && Enumerable.Range(0, Kernel.Length).All(i => 2 * Begin[i] <= Kernel[i]);

    /// <summary>Whether some window reaches beyond the declared padding, where a padded average counts fewer elements.</summary>
    public bool ExceedsPadding => _ceil && Enumerable.Range(0, Kernel.Length).Any(i => LastReach(i) > Input[i] + End[i]);

    /// <summary>The input with values around it so that windows without any padding are exactly this node's.</summary>
    public Tensor Pad(Tensor x, double value)
    {
        int rank = Kernel.Length;
        var pads = new long[2 * rank];
        for (int i = 0; i < rank; i++)
        {
            // libtorch lists the last dimension first. A negative end crops what no window reads.
            pads[2 * (rank - 1 - i)] = Begin[i];
            pads[2 * (rank - 1 - i) + 1] = LastReach(i) - Input[i];
        }
        return F.pad(x, pads, PaddingModes.Constant, value);
    }

    /// <summary>
    /// How many of a window's elements lie inside the input (or inside its declared padding too): a tensor of the spatial output shape.
    /// </summary>
    public Tensor Counts(bool includePad, torch.ScalarType type, torch.Device device)
    {
        int rank = Kernel.Length;
        Tensor counts = torch.ones([], type, device);
        for (int i = 0; i < rank; i++)
        {
            long low = includePad ? -Begin[i] : 0, high = includePad ? Input[i] + End[i] : Input[i];
            var along = new float[Output[i]];
            for (long o = 0; o < Output[i]; o++)
                for (long k = 0; k < Kernel[i]; k++)
                    if (o * Strides[i] - Begin[i] + k * Dilations[i] is long position && position >= low && position < high)
                        along[o]++;
            long[] shape = Ones(rank);
            shape[i] = Output[i];
            counts = counts * torch.tensor(along, type, device).reshape(shape);
        }
        return counts;
    }

    private static long[] Ones(int rank) => [.. Enumerable.Repeat(1L, rank)];

    private long Extent(int i) => (Kernel[i] - 1) * Dilations[i] + 1;

    private long LastReach(int i) => (Output[i] - 1) * Strides[i] + Extent(i) - Begin[i];
}
