using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.Win32.SafeHandles;
using SkiaSharp;

namespace MLNetExtensions.Data;

/// <summary>
/// What one thread needs to decode a picture and resize it to the canvas: pinned buffers that are reused from picture to picture, and
/// Skia's drawing surface. Not thread-safe.
/// </summary>
internal sealed unsafe class DecodeWorkspace : IDisposable
{
    // Buffers of larger pictures are given back to the collector at once: 16 megapixels.
    private const int MaxKeptBytes = 64 << 20;

    private readonly ImageResizeMode _mode;
    private readonly byte[] _canvasPixels;
    private readonly SKImageInfo _canvasInfo;
    private readonly SKBitmap _canvasBitmap;
    private readonly SKCanvas _canvas;
    private readonly SKPaint _paint = new() { FilterQuality = SKFilterQuality.High };
    private byte[] _encoded = [];
    private byte[] _stored = [];
    private byte[] _upright = [];

    public DecodeWorkspace(int width, int height, ImageResizeMode mode)
    {
        _mode = mode;
        _canvasInfo = new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        _canvasPixels = GC.AllocateArray<byte>(_canvasInfo.BytesSize, pinned: true);
        _canvasBitmap = new SKBitmap();
        _canvasBitmap.InstallPixels(_canvasInfo, AddressOf(_canvasPixels), _canvasInfo.RowBytes);
        _canvas = new SKCanvas(_canvasBitmap);
    }

    /// <summary>Reads a whole file into this workspace's buffer.</summary>
    /// <returns>The file's bytes, valid until the next call.</returns>
    /// <exception cref="BadImageException">There is no such file, it cannot be read, or it is empty.</exception>
    public ReadOnlySpan<byte> ReadFile(string path, long row)
    {
        try
        {
            if (Directory.Exists(path))
                throw new BadImageException(row, path, "it is a folder, not an image file");
            using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            long length = RandomAccess.GetLength(file);
            if (length > Array.MaxLength)
                throw new BadImageException(row, path, $"the file has {length} bytes, more than an image file can have");
            Span<byte> bytes = Reserve(ref _encoded, (int)length);
            int read = 0;
            while (read < bytes.Length)
            {
                int now = RandomAccess.Read(file, bytes[read..], read);
                if (now == 0)
                    throw new BadImageException(row, path, $"the file ended after {read} of {length} bytes while it was read");
                read += now;
            }
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadImageException(row, path, "the file does not exist", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadImageException(row, path, $"the file cannot be read ({e.Message})", e);
        }
    }

    /// <summary>Decodes the first frame, turns it upright, resizes it to the canvas and writes its planes.</summary>
    public void Decode(ReadOnlySpan<byte> encoded, long maxPixels, Lock largePictures, long row, string? path, Span<byte> planes)
    {
        if (encoded.IsEmpty)
            throw new BadImageException(row, path, path is null ? "there are no bytes" : "the file is empty (0 bytes)");
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = SKCodec.Create(data)
                ?? throw new BadImageException(row, path, $"its {encoded.Length} bytes are not a picture that can be decoded " +
                    "(JPEG, PNG, GIF, BMP and WebP are), or its header is damaged");
            SKImageInfo info = codec.Info;
            long pixels = (long)info.Width * info.Height;
            if (pixels > maxPixels)
                throw new BadImageException(row, path, $"it has {info.Width} x {info.Height} pixels, more than the limit of {maxPixels}");

            // One thread at a time holds the full-size pixels of a large picture, so that threads do not multiply the peak.
            bool isLarge = pixels * 4 > MaxKeptBytes;
            if (isLarge)
                largePictures.Enter();
            try
            {
                DecodePixels(codec, info, row, path, planes);
            }
            finally
            {
                if (isLarge)
                {
                    _stored = [];
                    _upright = [];
                    largePictures.Exit();
                }
            }
        }
    }

    /// <summary>Resizes an image of ML.NET to the canvas and writes its planes.</summary>
    public void Draw(MLImage image, Span<byte> planes)
    {
        SKColorType order = image.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        // MLImage does not say whether it is opaque; on a black canvas premultiplied pixels give the same colours either way.
        var info = new SKImageInfo(image.Width, image.Height, order, SKAlphaType.Premul);
        fixed (byte* pixels = image.Pixels)
            Resize(info, pixels, planes);
    }

    public void Dispose()
    {
        _canvas.Dispose();
        _canvasBitmap.Dispose();
        _paint.Dispose();
    }

    private void DecodePixels(SKCodec codec, SKImageInfo info, long row, string? path, Span<byte> planes)
    {
        // As SKBitmap.Decode does: unpremultiplied becomes premultiplied, and no colour space conversion.
        SKAlphaType alpha = info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        info = new SKImageInfo(info.Width, info.Height, SKColorType.Bgra8888, alpha);
        Span<byte> stored = Reserve(ref _stored, info.BytesSize);
        byte* pixels = (byte*)AddressOf(_stored);
        SKCodecResult result = codec.GetPixels(info, (nint)pixels);
        if (result != SKCodecResult.Success)
            throw new BadImageException(row, path, result switch
            {
                SKCodecResult.IncompleteInput => "it is truncated: the data end before the picture does",
                SKCodecResult.ErrorInInput => "its data are corrupt",
                _ => $"it cannot be decoded ({result})",
            });

        SKEncodedOrigin origin = codec.EncodedOrigin;
        if (origin is not (SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default))
        {
            Span<byte> upright = Reserve(ref _upright, info.BytesSize);
            ExifOrientation.Apply(origin, MemoryMarshal.Cast<byte, uint>(stored), info.Width, info.Height,
                MemoryMarshal.Cast<byte, uint>(upright));
            pixels = (byte*)AddressOf(_upright);
            if (ExifOrientation.SwapsSides(origin))
                info = info.WithSize(info.Height, info.Width);
        }
        Resize(info, pixels, planes);
    }

    /// <summary>ML.NET's ResizeImages and ExtractPixels in one: the same Skia calls on the same rectangles, so the same values.</summary>
    private void Resize(SKImageInfo info, byte* pixels, Span<byte> planes)
    {
        if (info.Width == _canvasInfo.Width && info.Height == _canvasInfo.Height)
        {
            WritePlanes(info, new ReadOnlySpan<byte>(pixels, info.BytesSize), planes);
            return;
        }
        using var source = new SKPixmap(info, (nint)pixels, info.RowBytes);
        if (_mode == ImageResizeMode.Stretch)
        {
            SKImageInfo targetInfo = info.WithSize(_canvasInfo.Width, _canvasInfo.Height);
            using var target = new SKPixmap(targetInfo, AddressOf(_canvasPixels), targetInfo.RowBytes);
            if (!source.ScalePixels(target, SKFilterQuality.None))
                throw new InvalidOperationException($"Skia could not scale {info.Width} x {info.Height} pixels.");
            WritePlanes(targetInfo, _canvasPixels, planes);
            return;
        }
        // Rectangles are truncated to whole pixels and may leave a column or row of the canvas unpainted.
        _canvasPixels.AsSpan().Clear();
        using SKImage picture = SKImage.FromPixels(source);
        _canvas.DrawImage(picture, new SKRect(0, 0, info.Width, info.Height), TargetRectangle(info.Width, info.Height), _paint);
        WritePlanes(_canvasInfo, _canvasPixels, planes);
    }

    /// <summary>ML.NET's arithmetic, float rounding and truncation included.</summary>
    private SKRect TargetRectangle(int width, int height)
    {
        float widthAspect = (float)_canvasInfo.Width / width;
        float heightAspect = (float)_canvasInfo.Height / height;
        bool byHeight = heightAspect < widthAspect == (_mode == ImageResizeMode.Pad);
        float aspect = byHeight ? heightAspect : widthAspect;
        int left = byHeight ? (int)((_canvasInfo.Width - (width * aspect)) / 2) : 0;
        int top = byHeight ? 0 : (int)((_canvasInfo.Height - (height * aspect)) / 2);
        return new SKRect(left, top, left + (int)(width * aspect), top + (int)(height * aspect));
    }

    private static void WritePlanes(SKImageInfo info, ReadOnlySpan<byte> pixels, Span<byte> planes)
    {
        if (info.ColorType == SKColorType.Rgba8888)
            PlanarPixels.FromRgba(pixels, planes);
        else
            PlanarPixels.FromBgra(pixels, planes);
    }

    private static Span<byte> Reserve(ref byte[] buffer, int bytes)
    {
        if (buffer.Length < bytes)
        {
            buffer = []; // lets the collector have the old one first
            buffer = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        }
        return buffer.AsSpan(0, bytes);
    }

    private static nint AddressOf(byte[] pinned) => (nint)Unsafe.AsPointer(ref pinned[0]);
}
