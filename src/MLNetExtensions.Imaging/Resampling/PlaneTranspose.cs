using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Imaging.Resampling;

/// <summary>Exchanges rows and columns of bytes.</summary>
internal static unsafe class PlaneTranspose
{
    private const int Tile = 16;

    /// <summary>target[x, y] = source[y, x].</summary>
    /// <param name="source">The first row.</param>
    /// <param name="sourceStride">The distance from row to row.</param>
    /// <param name="width">The source's columns.</param>
    /// <param name="height">The source's rows.</param>
    /// <param name="target">width rows of height columns.</param>
    /// <param name="targetStride">The distance from row to row of the target.</param>
    public static void Run(byte* source, int sourceStride, int width, int height, byte* target, int targetStride)
    {
        if (width < Tile || height < Tile || !(Sse2.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                target[(x * targetStride) + y] = source[(y * sourceStride) + x];
            return;
        }
        for (int y = 0; y < height; y += Tile)
        {
            // The last tiles overlap those before.
            int top = Math.Min(y, height - Tile);
            for (int x = 0; x < width; x += Tile)
            {
                int left = Math.Min(x, width - Tile);
                Transpose16(
                    source + ((long)top * sourceStride) + left,
                    sourceStride,
                    target + ((long)left * targetStride) + top,
                    targetStride
                );
            }
        }
    }

    // Four rounds of interleaving row i with row i + 8: each round moves one bit of the row number to the column number.
    private static void Transpose16(byte* source, int sourceStride, byte* target, int targetStride)
    {
        Vector128<byte>* rows = stackalloc Vector128<byte>[Tile];
        Vector128<byte>* other = stackalloc Vector128<byte>[Tile];
        for (int i = 0; i < Tile; i++)
            rows[i] = Vector128.Load(source + (i * sourceStride));
        for (int round = 0; round < 4; round++)
        {
            for (int i = 0; i < Tile / 2; i++)
            {
                other[2 * i] = InterleaveLow(rows[i], rows[i + 8]);
                other[(2 * i) + 1] = InterleaveHigh(rows[i], rows[i + 8]);
            }
            Vector128<byte>* done = rows;
            rows = other;
            other = done;
        }
        for (int i = 0; i < Tile; i++)
            rows[i].Store(target + (i * targetStride));
    }

    private static Vector128<byte> InterleaveLow(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<byte> InterleaveHigh(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
