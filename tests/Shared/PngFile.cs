using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetExtensions.TestData;

/// <summary>PNG files of kinds that Skia's encoder does not write: 16 bits a channel, 1 bit a pixel, any size in the header.</summary>
internal static class PngFile
{
    public const byte Grayscale = 0,
        Rgb = 2;

    /// <param name="width">The width in the header.</param>
    /// <param name="height">The height in the header, and the number of rows written.</param>
    /// <param name="bitDepth">Bits a channel.</param>
    /// <param name="colorType"><see cref="Grayscale"/> or <see cref="Rgb"/>.</param>
    /// <param name="row">One row's bytes; all rows are alike.</param>
    public static byte[] Create(int width, int height, byte bitDepth, byte colorType, byte[] row)
    {
        var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bitDepth, colorType);
        Chunk(file, "IHDR"u8, header);
        var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest))
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0); // filter: none
                zlib.Write(row);
            }
        Chunk(file, "IDAT"u8, pixels.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>A file with one chunk more, behind its header or behind its pixels.</summary>
    public static byte[] WithChunk(byte[] png, ReadOnlySpan<byte> type, byte[] content, bool beforePixels)
    {
        var chunk = new MemoryStream();
        Chunk(chunk, type, content);
        int at = beforePixels ? 8 + 25 : png.Length - 12;
        return [.. png[..at], .. chunk.ToArray(), .. png[at..]];
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] checkedPart = [.. type, .. content];
        file.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(checkedPart));
        file.Write(number);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
