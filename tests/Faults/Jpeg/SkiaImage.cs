using System.Runtime.InteropServices;
using SkiaSharp;

namespace MLNetExtensions.Faults.Jpeg;

/// <summary>What Skia alone makes of an encoded image.</summary>
/// <param name="Result">Its verdict; null if it does not even see an image.</param>
/// <param name="Width">The image's width.</param>
/// <param name="Height">The image's height.</param>
/// <param name="Pixels">B, G, R, A.</param>
internal sealed record SkiaImage(SKCodecResult? Result, int Width, int Height, byte[] Pixels)
{
    public const int MaxPixels = 1_000_000;

    /// <summary>True if its header says more pixels than <see cref="MaxPixels"/>.</summary>
    public bool IsTooLarge => (long)Width * Height > MaxPixels;

    public static unsafe SkiaImage Decode(ReadOnlySpan<byte> encoded)
    {
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec? codec = SKCodec.Create(data);
            if (codec is null)
                return new SkiaImage(null, 0, 0, []);
            var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
            if ((long)info.Width * info.Height > MaxPixels)
                return new SkiaImage(null, info.Width, info.Height, []);
            byte[] pixels = new byte[info.BytesSize];
            fixed (byte* target = pixels)
                return new SkiaImage(codec.GetPixels(info, (nint)target), info.Width, info.Height, pixels);
        }
    }

    /// <summary>The largest difference between a part of these pixels and planes.</summary>
    /// <param name="planes">[3, height, width] of a window.</param>
    /// <param name="window">The place of the planes.</param>
    /// <param name="part">The part that is compared; inside the window.</param>
    public int Difference(ReadOnlySpan<byte> planes, SKRectI window, SKRectI part)
    {
        int largest = 0;
        for (int channel = 0; channel < 3; channel++)
        for (int y = part.Top; y < part.Bottom; y++)
        for (int x = part.Left; x < part.Right; x++)
        {
            int expected = Pixels[(4 * ((y * Width) + x)) + 2 - channel],
                actual = planes[(((channel * window.Height) + y - window.Top) * window.Width) + x - window.Left];
            largest = Math.Max(largest, Math.Abs(expected - actual));
        }
        return largest;
    }

    /// <summary>The largest difference from pixels of the same kind.</summary>
    public int Difference(ReadOnlySpan<byte> pixels)
    {
        int largest = 0;
        for (int i = 0; i < pixels.Length; i++)
            largest = Math.Max(largest, Math.Abs(Pixels[i] - pixels[i]));
        return largest;
    }
}
