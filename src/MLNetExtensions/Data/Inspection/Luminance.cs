using System.Numerics.Tensors;

namespace MLNetExtensions.Data.Inspection;

/// <summary>An image's luminance in 32 x 32 cells, whatever its size and shape, and what follows from it.</summary>
internal sealed class Luminance
{
    private const int Side = 32,
        ThumbnailSide = 16,
        Frequencies = 8;

    // The cosines of the eight lowest frequencies.
    private static readonly float[] Cosines =
    [
        .. Enumerable.Range(0, Frequencies * Side).Select(i => (float)Math.Cos(Math.PI * (i / Side) * ((i % Side) + 0.5) / Side)),
    ];

    private readonly float[] _cells = new float[Side * Side];

    /// <summary>Averages the pixels of each cell; an image of fewer pixels repeats them.</summary>
    /// <param name="bgra">[height, width] pixels of B, G, R, A.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    public void Read(ReadOnlySpan<byte> bgra, int width, int height)
    {
        for (int row = 0; row < Side; row++)
        {
            (int top, int bottom) = Range(row, height);
            for (int column = 0; column < Side; column++)
            {
                (int left, int right) = Range(column, width);
                long sum = 0;
                for (int y = top; y < bottom; y++)
                for (int i = 4 * ((y * width) + left), end = i + (4 * (right - left)); i < end; i += 4)
                    sum += (29 * bgra[i]) + (150 * bgra[i + 1]) + (77 * bgra[i + 2]); // Rec. 601, in 256ths
                _cells[(row * Side) + column] = (float)sum / 256 / ((bottom - top) * (right - left));
            }
        }

        static (int, int) Range(int cell, int size)
        {
            int start = (int)((long)cell * size / Side);
            return (start, Math.Max(start + 1, (int)((long)(cell + 1) * size / Side)));
        }
    }

    /// <summary>The perceptual hash and the thumbnail of what was read.</summary>
    public ImageLook Look()
    {
        float[] thumbnail = new float[ThumbnailSide * ThumbnailSide];
        for (int y = 0; y < ThumbnailSide; y++)
        for (int x = 0; x < ThumbnailSide; x++)
        {
            int at = (2 * y * Side) + (2 * x);
            thumbnail[(y * ThumbnailSide) + x] = (_cells[at] + _cells[at + 1] + _cells[at + Side] + _cells[at + Side + 1]) / 4;
        }
        TensorPrimitives.Subtract(thumbnail, TensorPrimitives.Sum<float>(thumbnail) / thumbnail.Length, thumbnail);
        float length = TensorPrimitives.Norm<float>(thumbnail);
        // Less than half a gray level of contrast is noise.
        if (length < 0.5f * ThumbnailSide)
            return new ImageLook(0, null);
        TensorPrimitives.Divide(thumbnail, length, thumbnail);
        return new ImageLook(Hash(), thumbnail);
    }

    /// <summary>pHash: the 8 x 8 lowest frequencies of the cosine transform, a bit each for above or below their median.</summary>
    private ulong Hash()
    {
        Span<float> byRow = stackalloc float[Side * Frequencies];
        for (int y = 0; y < Side; y++)
        for (int u = 0; u < Frequencies; u++)
            byRow[(u * Side) + y] = TensorPrimitives.Dot(_cells.AsSpan(y * Side, Side), Cosines.AsSpan(u * Side, Side));
        Span<float> frequencies = stackalloc float[Frequencies * Frequencies];
        for (int v = 0; v < Frequencies; v++)
        for (int u = 0; u < Frequencies; u++)
            frequencies[(v * Frequencies) + u] = TensorPrimitives.Dot(byRow.Slice(u * Side, Side), Cosines.AsSpan(v * Side, Side));

        // The first is the mean brightness, which says nothing about the look.
        Span<float> sorted = stackalloc float[frequencies.Length - 1];
        frequencies[1..].CopyTo(sorted);
        sorted.Sort();
        float median = sorted[sorted.Length / 2];
        ulong hash = 0;
        for (int i = 1; i < frequencies.Length; i++)
            if (frequencies[i] > median)
                hash |= 1ul << i;
        return hash;
    }
}
