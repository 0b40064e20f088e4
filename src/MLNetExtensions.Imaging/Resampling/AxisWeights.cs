namespace MLNetExtensions.Imaging.Resampling;

/// <summary>
/// For each output pixel along one axis: the source pixels it is made of and their weights, whole numbers that add up to <see cref="One"/>:
/// sums are exact, so they are the same bytes on every processor.
/// </summary>
internal sealed class AxisWeights
{
    /// <summary>The sum of an output pixel's weights.</summary>
    public const int One = 1 << 14;

    private int[] _starts = [];
    private short[] _weights = [];

    /// <summary>The number of output pixels.</summary>
    public int Count { get; private set; }

    /// <summary>The number of weights of each output pixel; some may be 0.</summary>
    public int Taps { get; private set; }

    /// <summary>The first source pixel that any output pixel needs.</summary>
    public int First { get; private set; }

    /// <summary>One more than the last source pixel that any output pixel needs.</summary>
    public int End { get; private set; }

    /// <summary>The first source pixel of an output pixel; <see cref="Taps"/> pixels from there lie inside the window.</summary>
    public int Start(int index) => _starts[index];

    public ReadOnlySpan<short> Weights(int index) => _weights.AsSpan(index * Taps, Taps);

    /// <summary>Computes the weights, as Pillow's precompute_coeffs does.</summary>
    /// <param name="from">The position in the source where the output begins, in continuous coordinates.</param>
    /// <param name="to">Its end; smaller than <paramref name="from"/> for a mirror image.</param>
    /// <param name="count">The number of output pixels.</param>
    /// <param name="low">The first source pixel that may be seen.</param>
    /// <param name="high">One more than the last that may be seen.</param>
    /// <param name="filter">The kernel.</param>
    public void Set(double from, double to, int count, int low, int high, ResamplingFilter filter)
    {
        double step = (to - from) / count,
            stretch = Math.Max(1, Math.Abs(step));
        double support = (filter == ResamplingFilter.Bilinear ? 1 : 2) * stretch;
        // So many pixel centers can lie inside the kernel. All outputs have the same number, shifted to stay inside the window.
        int taps = Math.Min(high - low, (int)Math.Ceiling(2 * support));
        (Count, Taps, First, End) = (count, taps, high, low);
        if (_starts.Length < count)
            _starts = new int[count];
        if (_weights.Length < count * taps)
            _weights = new short[count * taps];
        Span<double> exact = taps <= 128 ? stackalloc double[taps] : new double[taps];
        for (int i = 0; i < count; i++)
        {
            double center = from + ((i + 0.5) * step);
            int start = Math.Clamp((int)Math.Floor(center - support + 0.5), low, high - taps);
            double sum = 0;
            for (int k = 0; k < taps; k++)
                sum += exact[k] = Kernel((start + k - center + 0.5) / stretch, filter);
            Round(exact, sum, _weights.AsSpan(i * taps, taps));
            _starts[i] = start;
            (First, End) = (Math.Min(First, start), Math.Max(End, start + taps));
        }
    }

    private static double Kernel(double x, ResamplingFilter filter)
    {
        x = Math.Abs(x);
        const double a = -0.5;
        return filter == ResamplingFilter.Bilinear ? Math.Max(0, 1 - x)
            : x < 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1
            : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * a
            : 0;
    }

    /// <summary>Rounds to whole numbers; what is missing goes to the largest, so that even areas stay even.</summary>
    private static void Round(ReadOnlySpan<double> exact, double sum, Span<short> weights)
    {
        int left = One,
            largest = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            int weight = (int)Math.Round(exact[k] / sum * One);
            weights[k] = (short)weight;
            left -= weight;
            if (exact[k] > exact[largest])
                largest = k;
        }
        weights[largest] += (short)left;
    }
}
