using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetExtensions.Data.Sources;

/// <summary>An IDX file of unsigned bytes: 0, 0, 8, the number of dimensions, each size (4 bytes, big-endian), the values.</summary>
internal sealed record IdxFile(int[] Sizes, byte[] Values)
{
    private const byte UnsignedBytes = 8;

    public static IdxFile Read(string path, string what)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'. Expected an IDX file of {what}, as MNIST has it.", path);
        byte[] head = new byte[4];
        using Stream file = Open(path);
        try
        {
            file.ReadExactly(head);
            if (head[0] != 0 || head[1] != 0 || head[2] != UnsignedBytes || head[3] is 0 or > 4)
                throw new InvalidDataException(
                    $"'{path}' begins with {Convert.ToHexString(head)}; an IDX file of unsigned bytes begins with 000008 and its number "
                        + $"of dimensions."
                );
            int[] sizes = new int[head[3]];
            for (int i = 0; i < sizes.Length; i++)
            {
                file.ReadExactly(head);
                sizes[i] = BinaryPrimitives.ReadInt32BigEndian(head);
            }
            long count = sizes.Aggregate(1L, (product, size) => size < 0 || product > Array.MaxLength ? long.MaxValue / 4 : product * size);
            if (count > Array.MaxLength)
                throw new InvalidDataException($"'{path}' claims {string.Join(" x ", sizes)} values, more than 2 GB.");
            byte[] values = ReadValues(file, count);
            if (file.ReadByte() >= 0)
                throw new InvalidDataException($"'{path}' holds more than the {string.Join(" x ", sizes)} values that its head states.");
            return new IdxFile(sizes, values);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"'{path}' is cut short: it holds less than its head states.", e);
        }
        catch (InvalidDataException e) when (file is GZipStream && e.Source == "System.IO.Compression")
        {
            throw new InvalidDataException($"'{path}' is damaged: {e.Message}", e);
        }
    }

    // In pieces, so that a head that lies costs no memory.
    private static byte[] ReadValues(Stream file, long count)
    {
        var values = new MemoryStream();
        byte[] piece = new byte[(int)Math.Min(count, 1 << 20)];
        while (values.Length < count)
        {
            Span<byte> next = piece.AsSpan(0, (int)Math.Min(piece.Length, count - values.Length));
            file.ReadExactly(next);
            values.Write(next);
        }
        return values.ToArray();
    }

    private static Stream Open(string path)
    {
        FileStream file = File.OpenRead(path);
        bool isCompressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
