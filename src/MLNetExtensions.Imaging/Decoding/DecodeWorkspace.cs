using System.Runtime.CompilerServices;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Jpeg;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Imaging.Resampling;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>
/// The buffers and Skia drawing surface with which one thread decodes an image and resizes it to the canvas. Not thread-safe.
/// </summary>
internal sealed unsafe class DecodeWorkspace : IDisposable
{
    private readonly ImageResizeMode _mode;
    private readonly CanvasResampler? _resampler;
    private readonly ScratchBuffer _planes = new();
    private readonly int _channels;
    private byte[] _colors = [];
    private readonly bool _upright;
    private readonly PixelDecoder _decoder = new();
    private readonly byte[] _canvasPixels;
    private readonly SKImageInfo _canvasInfo;
    private readonly SKBitmap _canvasBitmap;
    private readonly SKCanvas _canvas;
    private readonly SKPaint _paint = new() { FilterQuality = SKFilterQuality.High };

    /// <param name="preprocessing">Says the canvas and how images are resized to it.</param>
    /// <param name="upright">True if the EXIF orientation is applied.</param>
    public DecodeWorkspace(ImagePreprocessing preprocessing, bool upright)
    {
        (int width, int height) = (preprocessing.CanvasWidth, preprocessing.CanvasHeight);
        _mode = preprocessing.ResizeMode;
        _channels = preprocessing.ChannelCount;
        if (CanvasResampler.FilterOf(preprocessing.Interpolation) is { } filter)
            _resampler = new CanvasResampler(width, height, _mode, filter);
        _upright = upright;
        _canvasInfo = new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        _canvasPixels = GC.AllocateArray<byte>(_canvasInfo.BytesSize, pinned: true);
        _canvasBitmap = new SKBitmap();
        _canvasBitmap.InstallPixels(_canvasInfo, CanvasAddress, _canvasInfo.RowBytes);
        _canvas = new SKCanvas(_canvasBitmap);
    }

    private nint CanvasAddress => (nint)Unsafe.AsPointer(ref _canvasPixels[0]);

    /// <summary>Reads a whole file.</summary>
    /// <returns>The file's bytes, valid until the next call.</returns>
    public ReadOnlySpan<byte> ReadFile(string path, long row) => _decoder.ReadFile(path, row);

    /// <summary>True if the last image was turned upright.</summary>
    public bool IsTurned { get; private set; }

    /// <summary>Decodes an image, resizes it to the canvas and writes its planes.</summary>
    /// <returns>The image's own size.</returns>
    public ImageSize Decode(ReadOnlySpan<byte> encoded, long maxPixels, Lock largeImages, long row, string? path, Span<byte> planes)
    {
        IsTurned = false;
        if (TryDecodePlain(encoded, maxPixels, planes))
            return new ImageSize(_canvasInfo.Width, _canvasInfo.Height);
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = PixelDecoder.Open(data, maxPixels, row, path);
            // One thread at a time holds the pixels of a large image, so that threads do not multiply the peak.
            bool isLarge = codec.Info.BytesSize64 > PixelDecoder.LargeBytes;
            if (isLarge)
                largeImages.Enter();
            try
            {
                ReadOnlySpan<byte> pixels = _decoder.Decode(
                    codec,
                    encoded,
                    row,
                    path,
                    out SKImageInfo info,
                    _upright,
                    Visible(codec, encoded)
                );
                IsTurned = _decoder.IsTurned;
                Resize(info, pixels, planes);
                return new ImageSize(info.Width, info.Height);
            }
            finally
            {
                if (isLarge)
                {
                    _decoder.DropBuffers();
                    largeImages.Exit();
                }
            }
        }
    }

    /// <summary>Resizes a decoded image to the canvas and writes its planes.</summary>
    public void Draw(ReadOnlySpan<byte> pixels, ImageSize size, bool isBgra, Span<byte> planes)
    {
        // Whether it is opaque is not known; on a black canvas premultiplied pixels give the same colors either way.
        Resize(
            new SKImageInfo(size.Width, size.Height, isBgra ? SKColorType.Bgra8888 : SKColorType.Rgba8888, SKAlphaType.Premul),
            pixels,
            planes
        );
    }

    public void Dispose()
    {
        _canvas.Dispose();
        _canvasBitmap.Dispose();
        _paint.Dispose();
    }

    /// <summary>
    /// A plain JPEG of the canvas's size needs neither Skia's codec, whose making takes longer than a small image's pixels, nor its
    /// resampling.
    /// </summary>
    private bool TryDecodePlain(ReadOnlySpan<byte> encoded, long maxPixels, Span<byte> planes)
    {
        if (
            _canvasInfo.Width * (long)_canvasInfo.Height > maxPixels
            || !JpegHeader.IsUpright(encoded, _canvasInfo.Width, _canvasInfo.Height)
            || !_decoder.Jpeg.TryDecode(encoded, _canvasInfo.Rect, out ReadOnlySpan<byte> decoded)
        )
            return false;
        if (_channels == 1)
            Luma.Write(decoded, planes);
        else
            decoded.CopyTo(planes);
        if (_channels == 4)
            planes[decoded.Length..].Fill(255);
        return true;
    }

    /// <summary>
    /// ML.NET's ResizeImages and ExtractPixels in one: the same Skia calls on the same rectangles, so the same values; or Pillow's filters.
    /// </summary>
    private void Resize(SKImageInfo info, ReadOnlySpan<byte> pixels, Span<byte> planes)
    {
        if (info.Width == _canvasInfo.Width && info.Height == _canvasInfo.Height)
        {
            WritePlanes(info, pixels, planes);
            return;
        }
        if (_resampler is not null)
        {
            Resample(_resampler, info, pixels, planes);
            if (pixels.Length > PixelDecoder.LargeBytes)
                _planes.Drop();
            return;
        }
        fixed (byte* address = pixels)
        {
            using var source = new SKPixmap(info, (nint)address, info.RowBytes);
            if (_mode == ImageResizeMode.Stretch)
            {
                SKImageInfo targetInfo = info.WithSize(_canvasInfo.Width, _canvasInfo.Height);
                using var target = new SKPixmap(targetInfo, CanvasAddress, targetInfo.RowBytes);
                if (!source.ScalePixels(target, SKFilterQuality.None))
                    throw new InvalidOperationException($"Skia could not scale {info.Width} x {info.Height} pixels.");
                WritePlanes(targetInfo, _canvasPixels, planes);
                return;
            }
            // Rectangles are truncated to whole pixels and may leave a column or row of the canvas unpainted.
            _canvasPixels.AsSpan().Clear();
            using SKImage image = SKImage.FromPixels(source);
            _canvas.DrawImage(image, new SKRect(0, 0, info.Width, info.Height), TargetRectangle(info.Width, info.Height), _paint);
        }
        WritePlanes(_canvasInfo, _canvasPixels, planes);
    }

    /// <summary>
    /// The part of an image that reaches the canvas, if that is less than the whole image and the image is stored upright.
    /// </summary>
    private SKRectI? Visible(SKCodec codec, ReadOnlySpan<byte> encoded)
    {
        SKImageInfo info = codec.Info;
        if (_mode != ImageResizeMode.CropCenter || (_upright && !ExifOrientation.IsUpright(ExifOrientation.Of(codec, encoded))))
            return null;
        float scale = Math.Max(1, Math.Min((float)info.Width / _canvasInfo.Width, (float)info.Height / _canvasInfo.Height));
        // Filters, and the halved images that Skia samples from, look a little further.
        int width = (int)MathF.Ceiling(_canvasInfo.Width * scale / 2) + (int)(5 * scale) + 1,
            height = (int)MathF.Ceiling(_canvasInfo.Height * scale / 2) + (int)(5 * scale) + 1;
        int x = info.Width / 2,
            y = info.Height / 2;
        return new SKRectI(
            Math.Max(0, x - width),
            Math.Max(0, y - height),
            Math.Min(info.Width, x + width),
            Math.Min(info.Height, y + height)
        );
    }

    private SKRect TargetRectangle(int width, int height)
    {
        var place = Letterbox.Of(width, height, _canvasInfo.Width, _canvasInfo.Height, _mode);
        return SKRect.Create(place.Left, place.Top, place.Width, place.Height);
    }

    /// <summary>
    /// Colors are resized, gray is made of what comes out; with alpha, colors are resized as they count, multiplied by it.
    /// </summary>
    private void Resample(CanvasResampler resampler, SKImageInfo info, ReadOnlySpan<byte> pixels, Span<byte> planes)
    {
        int count = pixels.Length / 4,
            kept = Math.Max(3, _channels);
        Span<byte> whole = _planes.Reserve(kept * count);
        PlanarPixels.From(pixels, info.ColorType == SKColorType.Rgba8888, channels: 3, whole);
        if (_channels == 4)
            PlanarPixels.ToAlpha(pixels, whole[(3 * count)..]);
        if (_channels != 1)
        {
            resampler.Run(whole, info.Width, info.Height, planes);
            if (_channels == 4)
                PlanarPixels.Unpremultiply(planes);
            return;
        }
        if (_colors.Length == 0)
            _colors = new byte[3 * planes.Length];
        resampler.Run(whole, info.Width, info.Height, _colors);
        Luma.Write(_colors, planes);
    }

    private void WritePlanes(SKImageInfo info, ReadOnlySpan<byte> pixels, Span<byte> planes) =>
        PlanarPixels.From(pixels, info.ColorType == SKColorType.Rgba8888, _channels, planes);
}
