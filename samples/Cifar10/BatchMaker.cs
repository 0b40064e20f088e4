namespace Cifar10;

/// <summary>Pictures as standardised floats, moved and mirrored.</summary>
internal static class BatchMaker
{
    // The means and standard deviations of CIFAR-10's training pictures, 0..255.
    private static readonly float[] Mean = [125.307f, 122.961f, 113.8575f], Deviation = [62.993f, 62.089f, 66.705f];

    /// <summary>Writes one picture.</summary>
    /// <param name="pictures">The set.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="mirrored">Whether left and right change places.</param>
    /// <param name="down">Rows to move up by; the edge is mirrored.</param>
    /// <param name="right">Columns to move left by.</param>
    /// <param name="values">Gets the picture.</param>
    public static void Write(PictureSet pictures, int row, bool mirrored, int down, int right, Span<float> values)
    {
        const int side = PictureSet.Side;
        Span<int> columns = stackalloc int[side];
        for (int x = 0; x < side; x++)
            columns[x] = Inside((mirrored ? side - 1 - x : x) + right);
        for (int channel = 0; channel < PictureSet.Channels; channel++)
        {
            (float mean, float scale) = (Mean[channel], 1 / Deviation[channel]);
            for (int y = 0; y < side; y++)
            {
                ReadOnlySpan<byte> from = pictures.Pixels.AsSpan(row * PictureSet.Size + (channel * side + Inside(y + down)) * side, side);
                Span<float> to = values.Slice((channel * side + y) * side, side);
                for (int x = 0; x < side; x++)
                    to[x] = (from[columns[x]] - mean) * scale;
            }
        }
    }

    /// <summary>Alternating flip (arXiv 2404.00498): half of the pictures are mirrored in even epochs, the other half in odd ones.</summary>
    public static bool IsMirrored(int row, int epoch, int seed) => (HashCode(row, seed) + epoch) % 2 == 0;

    private static int HashCode(int row, int seed) => (int)(((uint)row * 2654435761u ^ (uint)seed * 40503u) >> 9);

    private static int Inside(int index) => index < 0 ? -index : index >= PictureSet.Side ? 2 * (PictureSet.Side - 1) - index : index;
}
