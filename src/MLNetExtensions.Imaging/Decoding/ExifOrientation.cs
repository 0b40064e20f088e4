using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>Turns decoded pixels upright, as the EXIF orientation tag (TIFF tag 274, values 1 to 8) asks.</summary>
internal static class ExifOrientation
{
    // A tile of 32 x 32 4-byte pixels of both images stays in the first-level cache, which a transposition by whole rows does not.
    private const int Tile = 32;

    /// <summary>Reads a file's orientation. Skia reads it in JPEG files only, and there only from 16-bit tags.</summary>
    public static SKEncodedOrigin Of(SKCodec codec, ReadOnlySpan<byte> encoded) =>
        IsUpright(codec.EncodedOrigin) ? ExifTag.FindOrientation(encoded) ?? SKEncodedOrigin.TopLeft : codec.EncodedOrigin;

    /// <summary>True if images are stored upright.</summary>
    public static bool IsUpright(SKEncodedOrigin origin) => origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default;

    /// <summary>True if turning the image upright swaps its width and height.</summary>
    public static bool SwapsSides(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <summary>Writes the upright image.</summary>
    /// <param name="origin">The corner of the upright image where the first stored row and column are.</param>
    /// <param name="stored">height x width pixels as they are stored.</param>
    /// <param name="width">The stored width.</param>
    /// <param name="height">The stored height.</param>
    /// <param name="upright">As many pixels; height and width change places where <see cref="SwapsSides"/>.</param>
    public static void Apply(SKEncodedOrigin origin, ReadOnlySpan<uint> stored, int width, int height, Span<uint> upright)
    {
        // The upright position of stored (x, y) is start + x * stepX + y * stepY.
        (int start, int stepX, int stepY) = origin switch
        {
            SKEncodedOrigin.TopLeft => (0, 1, width),
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => ((width * height) - 1, -1, -width),
            SKEncodedOrigin.BottomLeft => (width * (height - 1), 1, -width),
            SKEncodedOrigin.LeftTop => (0, height, 1),
            SKEncodedOrigin.RightTop => (height - 1, height, -1),
            SKEncodedOrigin.RightBottom => ((width * height) - 1, -height, -1),
            SKEncodedOrigin.LeftBottom => (height * (width - 1), -height, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "EXIF orientations are 1 to 8."),
        };
        for (int tileY = 0; tileY < height; tileY += Tile)
        {
            int endY = Math.Min(height, tileY + Tile);
            for (int tileX = 0; tileX < width; tileX += Tile)
            {
                int columns = Math.Min(Tile, width - tileX);
                for (int y = tileY; y < endY; y++)
                {
                    int to = start + (tileX * stepX) + (y * stepY);
                    foreach (uint pixel in stored.Slice((y * width) + tileX, columns))
                    {
                        upright[to] = pixel;
                        to += stepX;
                    }
                }
            }
        }
    }
}
