using System.Buffers.Binary;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Imaging.Masks;

/// <summary>Reads the palette indices in BMP files of 1, 4 and 8 bits a pixel.</summary>
internal static class IndexedBitmap
{
    private const int LeastHeader = 54;

    /// <summary>True for the bytes of a BMP file.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith("BM"u8);

    /// <summary>The size of an image of indices; null for an image of colors.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or packed; the message is the end of a sentence.</exception>
    public static ImageSize? SizeOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < LeastHeader || BinaryPrimitives.ReadInt32LittleEndian(file[14..]) < 40)
            throw new InvalidDataException("its BMP header is damaged or older than Windows 3");
        long width = BinaryPrimitives.ReadInt32LittleEndian(file[18..]),
            height = Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[22..]));
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
        if (bits is not (1 or 4 or 8))
            return null;
        if (BinaryPrimitives.ReadInt32LittleEndian(file[30..]) != 0)
            throw new InvalidDataException("it is a packed BMP (RLE). Save it unpacked, or as PNG");
        if (width <= 0 || height == 0)
            throw new InvalidDataException("its BMP header is damaged");
        return RowBytes(width, bits) * height > file.Length
            ? throw new InvalidDataException("it is truncated: the data end before the image does")
            : new ImageSize((int)width, (int)height);
    }

    /// <summary>Reads the indices.</summary>
    /// <param name="file">The bytes of the file, of which <see cref="SizeOf"/> tells a size.</param>
    /// <param name="size">That size.</param>
    /// <param name="plane">Receives [height, width] indices.</param>
    /// <exception cref="InvalidDataException">The file is damaged; the message is the end of a sentence.</exception>
    public static void Read(ReadOnlySpan<byte> file, ImageSize size, Span<byte> plane)
    {
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]),
            inByte = 8 / bits,
            mask = (1 << bits) - 1,
            rowBytes = (int)RowBytes(size.Width, bits);
        bool isTopDown = BinaryPrimitives.ReadInt32LittleEndian(file[22..]) < 0;
        if (start < LeastHeader || start + ((long)rowBytes * size.Height) > file.Length)
            throw new InvalidDataException("it is truncated: the data end before the image does");
        for (int y = 0; y < size.Height; y++)
        {
            ReadOnlySpan<byte> row = file.Slice((int)start + ((isTopDown ? y : size.Height - 1 - y) * rowBytes), rowBytes);
            for (int x = 0; x < size.Width; x++)
                plane[(y * size.Width) + x] = (byte)((row[x / inByte] >> (8 - (bits * ((x % inByte) + 1)))) & mask);
        }
    }

    private static long RowBytes(long width, int bits) => ((width * bits) + 31) / 32 * 4;
}
