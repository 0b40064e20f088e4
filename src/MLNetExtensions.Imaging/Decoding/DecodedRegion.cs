using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>A part of an image that was decoded, maybe at a smaller size.</summary>
/// <param name="Width">The width that the whole image has at that size.</param>
/// <param name="Height">The height that the whole image has at that size.</param>
/// <param name="Window">The part of it.</param>
internal readonly record struct DecodedRegion(int Width, int Height, SKRectI Window);
