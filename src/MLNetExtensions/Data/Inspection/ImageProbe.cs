using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using SkiaSharp;

namespace MLNetExtensions.Data.Inspection;

/// <summary>Looks at one image after another. Not thread-safe; its buffers are reused.</summary>
internal sealed unsafe class ImageProbe
{
    private readonly PixelDecoder _decoder = new();
    private readonly Luminance _luminance = new();

    public void ProbeFile(string path, ImageFacts facts) => Probe(_decoder.ReadFile(path, facts.Image.Row), facts);

    /// <exception cref="InvalidImageException">It cannot be read.</exception>
    public void Probe(ReadOnlySpan<byte> encoded, ImageFacts facts)
    {
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = PixelDecoder.Open(data, ImageDecoder.DefaultMaxPixels, facts.Image.Row, facts.Image.Path);
            facts.Format = codec.EncodedFormat;
            facts.Mode =
                codec.Info.ColorType == SKColorType.Gray8 ? "Gray"
                : codec.Info.AlphaType == SKAlphaType.Opaque ? "RGB"
                : "RGBA";
            facts.IsTurned = !ExifOrientation.IsUpright(ExifOrientation.Of(codec, encoded));
            ReadOnlySpan<byte> pixels = _decoder.Decode(codec, data.AsSpan(), facts.Image.Row, facts.Image.Path, out SKImageInfo info);
            facts.IsUnended = _decoder.IsUnended;
            ProbePixels(pixels, info.Width, info.Height, facts, blueFirst: true);
            if (pixels.Length > PixelDecoder.LargeBytes)
                _decoder.DropBuffers();
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(encoded, hash);
        facts.ContentHash = BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public void Probe(MLImage image, ImageFacts facts)
    {
        facts.Mode = "RGB";
        ProbePixels(image.Pixels, image.Width, image.Height, facts, blueFirst: image.PixelFormat != MLPixelFormat.Rgba32);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(image.Pixels, hash);
        facts.ContentHash = BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private void ProbePixels(ReadOnlySpan<byte> pixels, int width, int height, ImageFacts facts, bool blueFirst)
    {
        (facts.Width, facts.Height) = (width, height);
        long first = 0,
            second = 0,
            third = 0,
            firstSquares = 0,
            secondSquares = 0,
            thirdSquares = 0;
        for (int i = 0; i < pixels.Length; i += 4)
        {
            int a = pixels[i],
                b = pixels[i + 1],
                c = pixels[i + 2];
            (first, second, third) = (first + a, second + b, third + c);
            (firstSquares, secondSquares, thirdSquares) = (firstSquares + (a * a), secondSquares + (b * b), thirdSquares + (c * c));
        }
        double count = 255.0 * (pixels.Length / 4),
            squareCount = 255 * count;
        (double red, double blue) = blueFirst ? (third / count, first / count) : (first / count, third / count);
        (double redSquares, double blueSquares) = blueFirst
            ? (thirdSquares / squareCount, firstSquares / squareCount)
            : (firstSquares / squareCount, thirdSquares / squareCount);
        double[] moments = [red, second / count, blue, redSquares, secondSquares / squareCount, blueSquares];
        moments.CopyTo(facts.Moments, 0);
        _luminance.Read(pixels, width, height);
        facts.Look = _luminance.Look();
    }
}
