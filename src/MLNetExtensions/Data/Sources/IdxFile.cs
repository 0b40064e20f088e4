using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetExtensions.Data.Sources;

/// <summary>An IDX file of unsigned bytes: 0, 0, 8, the number of dimensions, each size (4 bytes, big-endian), the values.</summary>
internal sealed record IdxFile(int[] Sizes, byte[] Values)
{
    private const byte UnsignedBytes = 8;

    // Drawn digits are packed to a fifth; what is packed to a thousandth would cost gigabytes.
    private const int MostUnpacked = 100,
        SmallBytes = 16 << 20;

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
            long packed = new FileInfo(path).Length;
            if (file is not GZipStream && count > packed)
                throw new InvalidDataException($"'{path}' is cut short: its head states {string.Join(" x ", sizes)} values.");
            if (file is GZipStream && count > SmallBytes && count / MostUnpacked > packed)
                throw new InvalidDataException(
                    $"'{path}' claims {string.Join(" x ", sizes)} values, but has only {packed} bytes. Unpack it first if it really unpacks "
                        + $"to more than {MostUnpacked} times its size."
                );
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

    // As long as it is there, so that a head that lies costs no memory.
    private static byte[] ReadValues(Stream file, long count)
    {
        byte[] values = new byte[file is GZipStream ? Math.Min(count, SmallBytes) : count];
        file.ReadExactly(values);
        while (values.Length < count)
        {
            int read = values.Length;
            Array.Resize(ref values, (int)Math.Min(count, 2L * read));
            file.ReadExactly(values.AsSpan(read));
        }
        return values;
    }

    private static Stream Open(string path)
    {
        FileStream file = File.OpenRead(path);
        bool isCompressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
