using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Resampling;

/// <summary>
/// Resizes a window of planar pixels, antialiased as Pillow does it: first all columns, then, transposed, all rows, with 8 bits in between.
/// Agrees with Pillow to one gray level. Not thread-safe.
/// </summary>
internal sealed unsafe class SeparableResampler
{
    private readonly ScratchBuffer _narrow = new();
    private readonly ScratchBuffer _transposed = new();
    private readonly ScratchBuffer _wide = new();

    /// <summary>The weights of the columns; set them before <see cref="Run"/>.</summary>
    public AxisWeights X { get; } = new();

    /// <summary>The weights of the rows; set them before <see cref="Run"/>.</summary>
    public AxisWeights Y { get; } = new();

    /// <summary>Writes the resized planes.</summary>
    /// <param name="source">[channels, height, width].</param>
    /// <param name="width">The source's width.</param>
    /// <param name="height">The source's height.</param>
    /// <param name="target">[channels, Y.Count, X.Count], or [channels, X.Count, Y.Count] where axes are swapped.</param>
    /// <param name="swapAxes">True if the target is transposed.</param>
    public void Run(ReadOnlySpan<byte> source, int width, int height, Span<byte> target, bool swapAxes = false)
    {
        int columns = X.End - X.First,
            rows = Y.Count,
            channels = source.Length / (width * height);
        Span<byte> narrow = _narrow.Reserve(columns * rows),
            transposed = _transposed.Reserve(columns * rows);
        Span<byte> wide = swapAxes ? default : _wide.Reserve(X.Count * rows);
        fixed (
            byte* first = source,
                result = target,
                narrowed = narrow,
                turned = transposed,
                widened = wide
        )
        {
            for (int plane = 0; plane < channels; plane++)
            {
                byte* from = first + ((long)plane * width * height) + X.First;
                byte* to = result + (plane * X.Count * rows);
                for (int y = 0; y < rows; y++)
                    WeightedRows.Sum(from + ((long)Y.Start(y) * width), width, Y.Weights(y), narrowed + (y * columns), columns);
                PlaneTranspose.Run(narrowed, columns, columns, rows, turned, rows);
                byte* sums = swapAxes ? to : widened;
                for (int x = 0; x < X.Count; x++)
                    WeightedRows.Sum(turned + ((X.Start(x) - X.First) * rows), rows, X.Weights(x), sums + (x * rows), rows);
                if (!swapAxes)
                    PlaneTranspose.Run(widened, rows, rows, X.Count, to, X.Count);
            }
        }
    }
}
