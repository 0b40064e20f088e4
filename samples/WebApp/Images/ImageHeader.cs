using SkiaSharp;

namespace WebAppSample.Images;

/// <summary>What the first bytes of an image file say, by its content: names and declared types do not count. Nothing is decoded.</summary>
/// <param name="Width">The width in pixels, upright.</param>
/// <param name="Height">The height in pixels, upright.</param>
public readonly record struct ImageHeader(int Width, int Height)
{
    private static readonly SKEncodedImageFormat[] Formats =
    [
        SKEncodedImageFormat.Jpeg,
        SKEncodedImageFormat.Png,
        SKEncodedImageFormat.Webp,
        SKEncodedImageFormat.Gif,
        SKEncodedImageFormat.Bmp,
    ];

    /// <summary>Reads the header.</summary>
    /// <param name="encoded">The bytes of the file.</param>
    /// <param name="maxPixels">The most pixels that are allowed.</param>
    /// <exception cref="RejectedImageException">It is no image of a type that is taken (415), damaged (422), or too large (413).</exception>
    public static ImageHeader Read(ReadOnlySpan<byte> encoded, long maxPixels)
    {
        if (!HasKnownStart(encoded))
            throw new RejectedImageException(
                StatusCodes.Status415UnsupportedMediaType,
                "The file is not an image of a type that is taken.",
                "Send JPEG, PNG, WebP, GIF or BMP. The content counts, not the file's name."
            );
        using SKData data = SKData.CreateCopy(encoded);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is null || !Formats.Contains(codec.EncodedFormat) || codec.Info.Width <= 0 || codec.Info.Height <= 0)
            throw new RejectedImageException(
                StatusCodes.Status422UnprocessableEntity,
                "The image is damaged.",
                $"Its first bytes are those of an image, but its header cannot be read ({encoded.Length} bytes). Send a whole file."
            );
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > maxPixels)
            throw new RejectedImageException(
                StatusCodes.Status413PayloadTooLarge,
                "The image has too many pixels.",
                $"It has {width} x {height} pixels; at most {maxPixels} are taken. Make it smaller."
            );
        // The last four of EXIF's eight orientations lie on their side.
        return (int)codec.EncodedOrigin >= (int)SKEncodedOrigin.LeftTop ? new ImageHeader(height, width) : new ImageHeader(width, height);
    }

    private static bool HasKnownStart(ReadOnlySpan<byte> encoded) =>
        encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || encoded.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        || encoded.StartsWith("GIF8"u8)
        || encoded.StartsWith("BM"u8)
        || (encoded.Length >= 12 && encoded.StartsWith("RIFF"u8) && encoded[8..12].SequenceEqual("WEBP"u8));
}
