using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx.Files;
using SkiaSharp;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>An image's file as a bitmap to draw on, and such a bitmap as a file.</summary>
internal static class DrawnImage
{
    /// <summary>Reads an image, upright.</summary>
    /// <exception cref="Imaging.InvalidImageException">It cannot be read.</exception>
    public static unsafe SKBitmap Open(string path)
    {
        var decoder = new PixelDecoder();
        using SKData data = SKData.CreateCopy(decoder.ReadFile(path, row: -1));
        using SKCodec codec = PixelDecoder.Open(data, ImageDecoder.DefaultMaxPixels, row: -1, path);
        ReadOnlySpan<byte> pixels = decoder.Decode(codec, data.AsSpan(), row: -1, path, out SKImageInfo info);
        var image = new SKBitmap(info);
        pixels.CopyTo(new Span<byte>((void*)image.GetPixels(), info.BytesSize));
        return image;
    }

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    public static void Save(SKBitmap image, string path)
    {
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        TemporaryFile.Write(path, png.ToArray());
    }
}
