using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using MLNetExtensions.Imaging.Jpeg;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>
/// Decodes encoded images to upright B, G, R, A pixels of full size, in pinned buffers that are reused from image to image. The pixels
/// are premultiplied and in the file's own color space, as ML.NET's LoadImages makes them. Not thread-safe.
/// </summary>
internal sealed unsafe class PixelDecoder
{
    /// <summary>A decoded image of more bytes is large: its buffers are not kept. 16 megapixels.</summary>
    public const int LargeBytes = 64 << 20;

    /// <summary>The most pixels an image may have by default: decoded, that is 400 MB.</summary>
    public const long DefaultMaxPixels = 100_000_000;

    // Images of one color are packed to next to nothing, and may be this large: decoded, that is 160 MB. What has more pixels has at least a
    // byte for so many of them, so that a header that lies costs no more memory either.
    private const long PlausiblePixels = 40_000_000,
        MostPixelsOfByte = 2048;

    /// <exception cref="DllNotFoundException">SkiaSharp's native library is missing or of another version.</exception>
    public PixelDecoder() => SkiaLibrary.Load();

    private byte[] _encoded = [];
    private byte[] _stored = [];
    private byte[] _upright = [];

    /// <summary>Decodes JPEG files of the plain kind, and parts of them.</summary>
    public JpegRegionDecoder Jpeg { get; } = new();

    /// <summary>True if the last image was turned upright.</summary>
    public bool IsTurned { get; private set; }

    /// <summary>True if the last image was a JPEG that is complete except for its end marker.</summary>
    public bool IsUnended { get; private set; }

    /// <summary>Reads a whole file into this decoder's buffer.</summary>
    /// <returns>The file's bytes, valid until the next call.</returns>
    /// <exception cref="InvalidImageException">There is no such file, or it cannot be read.</exception>
    public ReadOnlySpan<byte> ReadFile(string path, long row)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            long length = RandomAccess.GetLength(file);
            if (length > Array.MaxLength)
                throw new InvalidImageException(row, path, $"the file has {length} bytes, more than an image file can have");
            Span<byte> bytes = Reserve(ref _encoded, (int)length);
            int read = 0;
            while (read < bytes.Length)
            {
                int now = RandomAccess.Read(file, bytes[read..], read);
                if (now == 0)
                    throw new InvalidImageException(row, path, $"the file ended after {read} of {length} bytes while it was read");
                read += now;
            }
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidImageException(
                row,
                path,
                Path.IsPathFullyQualified(path)
                    ? "the file does not exist"
                    : $"the file does not exist (looked for at '{Path.GetFullPath(path)}')",
                e
            );
        }
        catch (UnauthorizedAccessException e) when (Directory.Exists(path))
        {
            throw new InvalidImageException(row, path, "it is a folder, not an image file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidImageException(row, path, $"the file cannot be read ({e.Message})", e);
        }
    }

    /// <summary>Reads an image's header.</summary>
    /// <param name="data">The encoded image; it must outlive the codec.</param>
    /// <param name="maxPixels">Images with more are refused.</param>
    /// <param name="row">The row to name in errors.</param>
    /// <param name="path">The file to name in errors.</param>
    public static SKCodec Open(SKData data, long maxPixels, long row, string? path)
    {
        if (data.IsEmpty)
            throw new InvalidImageException(row, path, path is null ? "there are no bytes" : "the file is empty (0 bytes)");
        SKCodec codec =
            SKCodec.Create(data)
            ?? throw new InvalidImageException(
                row,
                path,
                $"its {data.Size} bytes are not an image that can be decoded "
                    + "(JPEG, PNG, GIF, BMP and WebP are), or its header is damaged"
            );
        SKImageInfo info = codec.Info;
        long pixels = (long)info.Width * info.Height;
        bool isPlausible = pixels <= PlausiblePixels || pixels / MostPixelsOfByte <= data.Size;
        if (pixels <= maxPixels && isPlausible)
            return codec;
        codec.Dispose();
        throw new InvalidImageException(
            row,
            path,
            $"it has {info.Width} x {info.Height} pixels, more than "
                + (pixels > maxPixels ? $"the limit of {maxPixels}" : $"its {data.Size} bytes can be expected to hold")
        )
        {
            IsTooLarge = true,
        };
    }

    /// <summary>Decodes the first frame and, where asked to, turns it upright.</summary>
    /// <param name="codec">From <see cref="Open"/>.</param>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="row">The row to name in errors.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="info">The upright image's size and format.</param>
    /// <param name="upright">True if the EXIF orientation is applied.</param>
    /// <param name="part">The part of the stored image that is needed; the rest may be undefined. Null for the whole image.</param>
    /// <returns>The pixels, rows without gaps, valid until the next call.</returns>
    /// <exception cref="InvalidImageException">The image is not complete, or its data are corrupt.</exception>
    public ReadOnlySpan<byte> Decode(
        SKCodec codec,
        ReadOnlySpan<byte> encoded,
        long row,
        string? path,
        out SKImageInfo info,
        bool upright = true,
        SKRectI? part = null
    )
    {
        // As SKBitmap.Decode does: unpremultiplied becomes premultiplied, and no color space conversion.
        SKAlphaType alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Bgra8888, alpha);
        Span<byte> stored = Reserve(ref _stored, info.BytesSize);
        // A JPEG of the plain kind takes half of the time without Skia. Large ones are left to it, for the memory.
        bool isPlain =
            codec.EncodedFormat == SKEncodedImageFormat.Jpeg
            && info.BytesSize64 <= LargeBytes
            && Jpeg.TryDecode(encoded, part ?? info.Rect, info.Width, info.Height, stored);
        SKCodecResult result = isPlain ? SKCodecResult.Success : codec.GetPixels(info, (nint)Unsafe.AsPointer(ref _stored[0]));
        IsUnended =
            result != SKCodecResult.Success
            && codec.EncodedFormat == SKEncodedImageFormat.Jpeg
            && UnendedJpeg.TryDecode(encoded, info, stored);
        if (IsUnended)
            result = SKCodecResult.Success;
        if (result != SKCodecResult.Success)
            throw new InvalidImageException(
                row,
                path,
                result switch
                {
                    // Skia's result for progressive JPEG files that end early.
                    SKCodecResult.InvalidInput when codec.EncodedFormat == SKEncodedImageFormat.Jpeg && !JpegHeader.HasEnd(encoded) =>
                        "it is truncated: the data end before the image does",
                    SKCodecResult.IncompleteInput => "it is truncated: the data end before the image does",
                    SKCodecResult.ErrorInInput => "its data are corrupt",
                    _ => $"it cannot be decoded ({result})",
                }
            );

        SKEncodedOrigin origin = ExifOrientation.Of(codec, encoded);
        IsTurned = upright && !ExifOrientation.IsUpright(origin);
        if (!IsTurned)
            return stored;
        Span<byte> turned = Reserve(ref _upright, info.BytesSize);
        ExifOrientation.Apply(
            origin,
            MemoryMarshal.Cast<byte, uint>(stored),
            info.Width,
            info.Height,
            MemoryMarshal.Cast<byte, uint>(turned)
        );
        if (ExifOrientation.SwapsSides(origin))
            info = info.WithSize(info.Height, info.Width);
        return turned;
    }

    /// <summary>Gives the buffers for pixels back to the collector.</summary>
    public void DropBuffers()
    {
        _stored = [];
        _upright = [];
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
}
