using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data;

/// <summary>Images that ML.NET has decoded, for an <see cref="ImageDecoder"/>.</summary>
internal static class DecodedImage
{
    /// <summary>Resizes an image that ML.NET has decoded.</summary>
    /// <param name="decoder">Says the canvas.</param>
    /// <param name="image">The image; it stays the caller's.</param>
    /// <param name="planes">Receives the canvas's planes.</param>
    public static void Resize(this ImageDecoder decoder, MLImage image, Span<byte> planes) =>
        decoder.Resize(image.Pixels, new ImageSize(image.Width, image.Height), image.PixelFormat != MLPixelFormat.Rgba32, planes);
}
