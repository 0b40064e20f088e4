using System.Runtime.InteropServices;
using MLNetExtensions.Imaging.Decoding;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Masks;

/// <summary>
/// Reads masks: PNG or BMP files whose pixels are class indices (gray levels or places in the file's palette), or colors of classes. Its
/// buffers are reused; not thread-safe.
/// </summary>
internal sealed unsafe class MaskReader(MaskFormat format)
{
    private readonly PixelDecoder _decoder = new();
    private byte[] _plane = [];

    /// <summary>Reads a mask.</summary>
    /// <param name="mask">The file, or its bytes.</param>
    /// <param name="row">The row to name in errors.</param>
    /// <param name="size">The mask's size.</param>
    /// <returns>[height, width] class indices or the ignored index, valid until the next call.</returns>
    /// <exception cref="InvalidImageException">It cannot be read, or has an index or a color of no class; the message names the
    /// pixel.</exception>
    public ReadOnlySpan<byte> Read(EncodedMask mask, long row, out ImageSize size) =>
        mask.Path is { } path ? Read(_decoder.ReadFile(path, row), row, path, out size) : Read(mask.Bytes.Span, row, null, out size);

    /// <summary>Reads a mask, of which an image is at hand.</summary>
    /// <param name="mask">The file, or its bytes.</param>
    /// <param name="row">The row to name in errors.</param>
    /// <param name="image">The size of the image, turned upright.</param>
    /// <exception cref="InvalidImageException">Like the other method, or the sizes differ.</exception>
    public ReadOnlySpan<byte> Read(EncodedMask mask, long row, ImageSize image)
    {
        ReadOnlySpan<byte> plane = Read(mask, row, out ImageSize size);
        return size == image
            ? plane
            : throw new InvalidImageException(
                row,
                mask.Path,
                $"the mask has {size.Width} x {size.Height} pixels, its image {image.Width} x {image.Height}"
                    + (
                        size.Width == image.Height && size.Height == image.Width
                            ? ". The image may be turned by its EXIF orientation: masks are of upright images"
                            : ". Expected as many"
                    )
            );
    }

    private ReadOnlySpan<byte> Read(ReadOnlySpan<byte> encoded, long row, string? path, out ImageSize size)
    {
        try
        {
            bool isPng = IndexedPng.Is(encoded);
            if (!isPng && !IndexedBitmap.Is(encoded))
                throw new InvalidDataException(
                    "masks are PNG or BMP files, whose pixels are as they were written; it is neither. Save it as PNG"
                );
            if (ExifTag.FindOrientation(encoded) is { } origin && !ExifOrientation.IsUpright(origin))
                throw new InvalidDataException("the mask has an EXIF orientation. Save it upright, without one");
            return format.Colors is null ? Indices(encoded, isPng, out size) : Colors(encoded, isPng, row, path, format.Colors, out size);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageException(row, path, e.Message, e);
        }
    }

    private ReadOnlySpan<byte> Indices(ReadOnlySpan<byte> encoded, bool isPng, out ImageSize size)
    {
        Span<byte> plane;
        if (isPng)
        {
            IndexedPngHeader header = IndexedPng.Header(encoded);
            Check(header);
            if (!header.HasIndices)
                throw new InvalidDataException(
                    "its pixels are colors, not indices. Give the colors of the classes, or save it as gray or with a palette"
                );
            size = new ImageSize((int)header.Width, (int)header.Height);
            IndexedPng.Read(encoded, header, plane = Reserve(size));
        }
        else
        {
            size =
                IndexedBitmap.SizeOf(encoded)
                ?? throw new InvalidDataException(
                    "its pixels are colors, not indices. Give the colors of the classes, or save it with a palette"
                );
            if ((long)size.Width * size.Height > PixelDecoder.DefaultMaxPixels)
                throw TooLarge(size.Width, size.Height);
            IndexedBitmap.Read(encoded, size, plane = Reserve(size));
        }
        for (int i = 0; i < plane.Length; i++)
            if (plane[i] >= format.ClassCount && plane[i] != format.IgnoredIndex)
                throw new InvalidDataException(
                    $"index {plane[i]} at x {i % size.Width}, y {i / size.Width} is of no class. Expected 0 to {format.ClassCount - 1}{Ignored}"
                );
        return plane;
    }

    private ReadOnlySpan<byte> Colors(
        ReadOnlySpan<byte> encoded,
        bool isPng,
        long row,
        string? path,
        IReadOnlyDictionary<uint, byte> colors,
        out ImageSize size
    )
    {
        if (isPng)
            Check(IndexedPng.Header(encoded));
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = PixelDecoder.Open(data, PixelDecoder.DefaultMaxPixels, row, path);
            ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(_decoder.Decode(codec, encoded, row, path, out SKImageInfo info));
            size = new ImageSize(info.Width, info.Height);
            Span<byte> plane = Reserve(size);
            uint last = ~pixels[0];
            byte index = 0;
            for (int i = 0; i < plane.Length; i++)
            {
                // Neighbors are mostly of one class.
                if (pixels[i] != last)
                {
                    last = pixels[i];
                    if (last >> 24 != 255)
                        throw new InvalidDataException(
                            $"the pixel at x {i % size.Width}, y {i / size.Width} is not opaque. Save the mask without alpha"
                        );
                    if (!colors.TryGetValue(last & 0xFFFFFF, out index))
                        throw new InvalidDataException(
                            $"color #{last & 0xFFFFFF:X6} at x {i % size.Width}, y {i / size.Width} is of no class. Expected one of "
                                + string.Join(", ", colors.Keys.Take(8).Select(color => $"#{color:X6}"))
                                + (colors.Count > 8 ? ", ..." : "")
                        );
                }
                plane[i] = index;
            }
            return plane;
        }
    }

    private string Ignored => format.IgnoredIndex is { } ignored ? $", or {ignored} for pixels that do not count" : "";

    private static void Check(IndexedPngHeader header)
    {
        if (header.Depth == 16)
            throw new InvalidDataException("it has 16 bits a sample. Save it with 8");
        // Each is 32 bits wide, and not 0.
        if (header.Width > PixelDecoder.DefaultMaxPixels / header.Height)
            throw TooLarge(header.Width, header.Height);
    }

    private static InvalidDataException TooLarge(long width, long height) =>
        new($"it has {width} x {height} pixels, more than the limit of {PixelDecoder.DefaultMaxPixels}");

    private Span<byte> Reserve(ImageSize size)
    {
        int length = size.Width * size.Height;
        if (_plane.Length < length)
            _plane = new byte[length];
        return _plane.AsSpan(0, length);
    }
}
