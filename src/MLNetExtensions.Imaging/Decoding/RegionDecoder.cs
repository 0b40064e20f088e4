using System.Runtime.CompilerServices;
using MLNetExtensions.Imaging.Jpeg;
using MLNetExtensions.Imaging.Pixels;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>
/// Decodes only a part of an image to planar RGB, where its format allows: JPEG rows beside the part are not turned into pixels, and a part
/// that is to be made smaller is decoded at a half, a quarter or an eighth. Not thread-safe.
/// </summary>
internal sealed unsafe class RegionDecoder
{
    // Chroma is enlarged with a look at the next sample, which libjpeg does not decode beside a part.
    private const int Margin = 2;

    // libjpeg smooths progressive images whose last scans are missing, with a look at the next two blocks of chroma.
    private const int SmoothedMargin = 2 * 16;

    private readonly PixelDecoder _whole = new();
    private readonly ScratchBuffer _packed = new();
    private readonly ScratchBuffer _planes = new();

    /// <summary>Reads a whole file.</summary>
    /// <returns>The file's bytes, valid until the next call.</returns>
    public ReadOnlySpan<byte> ReadFile(string path, long row) => _whole.ReadFile(path, row);

    /// <summary>Decodes a part.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="codec">From <see cref="PixelDecoder.Open"/>.</param>
    /// <param name="wanted">The part of the upright image that is needed, in pixels.</param>
    /// <param name="reduction">The factor by which it may be smaller: 1, 2, 4 or 8.</param>
    /// <param name="row">The row to name in errors.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="region">The decoded region.</param>
    /// <returns>[3, height, width] of the region, valid until the next call.</returns>
    /// <exception cref="InvalidImageException">The rows down to the end of the part are not complete, or their data are
    /// corrupt.</exception>
    public ReadOnlySpan<byte> Decode(
        ReadOnlySpan<byte> encoded,
        SKCodec codec,
        SKRectI wanted,
        int reduction,
        long row,
        string? path,
        out DecodedRegion region
    )
    {
        // The planes of a large image were lent until now.
        _packed.DropAbove(PixelDecoder.LargeBytes);
        _planes.DropAbove(PixelDecoder.LargeBytes);
        bool isUpright = ExifOrientation.IsUpright(ExifOrientation.Of(codec, encoded));
        // Nothing is wanted where the image was moved out of sight. (SKRectI.IsEmpty means all zeros.)
        if (isUpright && codec.EncodedFormat == SKEncodedImageFormat.Jpeg && wanted is { Width: > 0, Height: > 0 })
        {
            if (reduction == 1 && _whole.Jpeg.TryDecode(encoded, wanted, out ReadOnlySpan<byte> part))
            {
                SKImageInfo whole = codec.Info;
                region = new DecodedRegion(whole.Width, whole.Height, wanted);
                return part;
            }
            // A file without its end is decoded whole, to find out whether anything is missing: a part is refused where the whole is. (And where
            // rows are missing, Skia fills as many pixels as a rectangle says that SkiaSharp has on its stack no more.)
            if (
                JpegHeader.HasEnd(encoded)
                && TryScanlines(codec, wanted, reduction, JpegHeader.IsProgressive(encoded) ? SmoothedMargin : Margin, out region)
            )
                return Split(_packed.Reserve(4 * region.Window.Width * region.Window.Height));
        }
        ReadOnlySpan<byte> pixels = _whole.Decode(codec, encoded, row, path, out SKImageInfo info);
        region = new DecodedRegion(info.Width, info.Height, new SKRectI(0, 0, info.Width, info.Height));
        ReadOnlySpan<byte> planes = Split(pixels);
        if (pixels.Length > PixelDecoder.LargeBytes)
            _whole.DropBuffers();
        return planes;
    }

    private bool TryScanlines(SKCodec codec, SKRectI wanted, int reduction, int margin, out DecodedRegion region)
    {
        (int fullWidth, int fullHeight) = (codec.Info.Width, codec.Info.Height);
        SKSizeI size = reduction == 1 ? new SKSizeI(fullWidth, fullHeight) : codec.GetScaledDimensions(1f / reduction);
        (double scaleX, double scaleY) = ((double)size.Width / fullWidth, (double)size.Height / fullHeight);
        var window = new SKRectI(
            Math.Max(0, (int)(wanted.Left * scaleX) - margin),
            Math.Max(0, (int)(wanted.Top * scaleY) - margin),
            Math.Min(size.Width, (int)Math.Ceiling(wanted.Right * scaleX) + margin),
            Math.Min(size.Height, (int)Math.Ceiling(wanted.Bottom * scaleY) + margin)
        );
        region = new DecodedRegion(size.Width, size.Height, window);
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        var options = new SKCodecOptions(new SKRectI(window.Left, 0, window.Right, size.Height));
        if (window.Width <= 0 || window.Height <= 0 || codec.StartScanlineDecode(info, options) != SKCodecResult.Success)
            return false;
        int rowBytes = 4 * window.Width;
        Span<byte> packed = _packed.Reserve(rowBytes * window.Height);
        return (window.Top == 0 || codec.SkipScanlines(window.Top))
            && codec.GetScanlines((nint)Unsafe.AsPointer(ref packed[0]), window.Height, rowBytes) == window.Height;
    }

    private ReadOnlySpan<byte> Split(ReadOnlySpan<byte> bgra)
    {
        Span<byte> planes = _planes.Reserve(bgra.Length / 4 * 3);
        PlanarPixels.FromBgra(bgra, planes);
        return planes;
    }
}
