using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetExtensions.Imaging.Masks;

/// <summary>
/// Reads the numbers in gray and palette PNG files as they stand there. Skia makes colors of a palette and stretches the few levels of 1, 2
/// and 4 bits, which loses the indices.
/// </summary>
internal static class IndexedPng
{
    // Deflate packs no more than so many bytes into one.
    private const long MostInflated = 1040;

    // Adam7: the first column and row of each pass, and the steps.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
    [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>True for the bytes of a PNG file.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message is the end of a sentence.</exception>
    public static IndexedPngHeader Header(ReadOnlySpan<byte> file)
    {
        if (!Is(file) || file.Length < 33 || !file[12..16].SequenceEqual("IHDR"u8))
            throw new InvalidDataException("its PNG header is damaged");
        var header = new IndexedPngHeader(
            BinaryPrimitives.ReadUInt32BigEndian(file[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(file[20..]),
            file[24],
            file[25],
            file[28] == 1
        );
        return header is { Width: 0 } or { Height: 0 } || file[26] != 0 || file[27] != 0 || file[28] > 1
            ? throw new InvalidDataException("its PNG header is damaged")
            : header;
    }

    /// <summary>Reads the numbers.</summary>
    /// <param name="file">The bytes of the file, of which <see cref="IndexedPngHeader.HasIndices"/> holds.</param>
    /// <param name="header">Its header.</param>
    /// <param name="plane">Receives [height, width] numbers.</param>
    /// <exception cref="InvalidDataException">The file is damaged; the message is the end of a sentence.</exception>
    public static void Read(ReadOnlySpan<byte> file, IndexedPngHeader header, Span<byte> plane)
    {
        ReadOnlySpan<byte> data = Inflate(Pixels(file), header);
        if (header.IsInterlaced)
            foreach ((int x, int y, int stepX, int stepY) in Passes)
                data = data[ReadPass(data, header, plane, x, y, stepX, stepY)..];
        else
            ReadPass(data, header, plane, 0, 0, 1, 1);
    }

    /// <summary>The rows of all passes, a filter before each.</summary>
    private static byte[] Inflate(byte[] packed, IndexedPngHeader header)
    {
        long length = header.IsInterlaced
            ? Passes.Sum(pass => PassBytes(header, pass.X, pass.Y, pass.StepX, pass.StepY))
            : PassBytes(header, 0, 0, 1, 1);
        if (length / MostInflated > packed.Length)
            throw new InvalidDataException(
                $"it has {header.Width} x {header.Height} pixels, more than its {packed.Length} bytes of data can hold"
            );
        byte[] rows = new byte[length];
        using var inflated = new ZLibStream(new MemoryStream(packed, writable: false), CompressionMode.Decompress);
        try
        {
            inflated.ReadExactly(rows);
            // The check sum is behind the last row.
            _ = inflated.ReadByte();
            return rows;
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("it is truncated: the data end before the image does", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException("its PNG data are corrupt", e);
        }
    }

    private static long PassBytes(IndexedPngHeader header, int left, int top, int stepX, int stepY)
    {
        long columns = Steps(header.Width, left, stepX);
        return columns == 0 ? 0 : Steps(header.Height, top, stepY) * (1 + header.RowBytes(columns));
    }

    private static long Steps(uint size, int start, int step) => Math.Max(0, (size - start + step - 1) / step);

    /// <summary>The packed rows: the content of all IDAT chunks.</summary>
    private static byte[] Pixels(ReadOnlySpan<byte> file)
    {
        using var pixels = new MemoryStream();
        int at = Signature.Length;
        while (at + 12 <= file.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
                throw new InvalidDataException("it is truncated: the data end before the image does");
            ReadOnlySpan<byte> kind = file.Slice(at + 4, 4);
            if (kind.SequenceEqual("IDAT"u8))
                pixels.Write(file.Slice(at + 8, (int)length));
            if (kind.SequenceEqual("IEND"u8))
                break;
            at += (int)length + 12;
        }
        return pixels.Length > 0 ? pixels.ToArray() : throw new InvalidDataException("it is truncated: there are no pixels");
    }

    /// <summary>Reads the rows of a pass.</summary>
    /// <returns>The number of its bytes.</returns>
    private static int ReadPass(ReadOnlySpan<byte> data, IndexedPngHeader header, Span<byte> plane, int left, int top, int stepX, int stepY)
    {
        int columns = (int)Steps(header.Width, left, stepX);
        if (columns == 0)
            return 0;
        int rowBytes = (int)header.RowBytes(columns),
            inByte = 8 / header.Depth,
            mask = (1 << header.Depth) - 1,
            at = 0;
        byte[] row = new byte[rowBytes],
            above = new byte[rowBytes];
        for (int y = top; y < (int)header.Height; y += stepY)
        {
            int filter = data[at];
            data.Slice(at + 1, rowBytes).CopyTo(row);
            at += 1 + rowBytes;
            Unfilter(filter, row, above);
            Span<byte> line = plane.Slice(y * (int)header.Width, (int)header.Width);
            for (int i = 0, x = left; i < columns; i++, x += stepX)
                line[x] = (byte)((row[i / inByte] >> (8 - (header.Depth * ((i % inByte) + 1)))) & mask);
            (row, above) = (above, row);
        }
        return at;
    }

    // Each filter adds what the bytes to the left, above, and above to the left foretell.
    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        if (filter > 4)
            throw new InvalidDataException($"its PNG data are corrupt: there is no filter {filter}");
        for (int i = 0; i < row.Length && filter != 0; i++)
        {
            int a = i > 0 ? row[i - 1] : 0,
                b = above[i],
                c = i > 0 ? above[i - 1] : 0;
            row[i] += (byte)(
                filter switch
                {
                    1 => a,
                    2 => b,
                    3 => (a + b) / 2,
                    _ => Paeth(a, b, c),
                }
            );
        }
    }

    private static int Paeth(int a, int b, int c)
    {
        int byA = Math.Abs(b - c),
            byB = Math.Abs(a - c),
            byC = Math.Abs(a + b - (2 * c));
        return byA <= byB && byA <= byC ? a
            : byB <= byC ? b
            : c;
    }
}
