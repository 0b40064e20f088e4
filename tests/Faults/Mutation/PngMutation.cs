using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace MLNetExtensions.Faults.Mutation;

/// <summary>Damage to PNG files that leaves them chunks with right checksums: sides, a chunk's bytes, pixels before they are packed.</summary>
internal static class PngMutation
{
    private const int Signature = 8,
        Frame = 12;

    private static readonly int[] Sides = [10_000, 1, 65535, 6_000, 30_000, int.MaxValue, 0];

    public static byte[] Mutate(byte[] png, Random random)
    {
        List<(int At, int Length)> chunks = Chunks(png);
        if (chunks.Count == 0)
            return ByteMutation.Mutate(png, random);
        (int begin, int size) = random.Next(3) == 0 ? chunks[0] : chunks[random.Next(chunks.Count)];
        byte[] content = png.AsSpan(begin + 8, size).ToArray();
        string name = Encoding.Latin1.GetString(png, begin + 4, 4);
        if (begin == Signature && size >= 8 && random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(content, Sides[random.Next(Sides.Length)]);
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), Sides[random.Next(Sides.Length)]);
        }
        else
        {
            content = name == "IDAT" && random.Next(4) > 0 ? Pixels(content, random) : ByteMutation.Mutate(content, random);
        }
        return [.. png[..begin], .. Chunk(name, content), .. png[(begin + Frame + size)..]];
    }

    /// <summary>A chunk with its length and its checksum.</summary>
    public static byte[] Chunk(string name, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.Latin1.GetBytes(name), .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }

    /// <summary>Rows of pixels, packed.</summary>
    public static byte[] Pack(byte[] rows)
    {
        var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest))
            stream.Write(rows);
        return packed.ToArray();
    }

    private static List<(int At, int Length)> Chunks(byte[] png)
    {
        List<(int At, int Length)> chunks = [];
        for (int at = Signature; at + Frame <= png.Length; )
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (length < 0 || length > png.Length - at - Frame)
                break;
            chunks.Add((at, length));
            at += Frame + length;
        }
        return chunks;
    }

    private static byte[] Pixels(byte[] packed, Random random)
    {
        try
        {
            var rows = new MemoryStream();
            using (var stream = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress))
                stream.CopyTo(rows);
            return Pack(ByteMutation.Mutate(rows.ToArray(), random));
        }
        catch (InvalidDataException)
        {
            return ByteMutation.Mutate(packed, random);
        }
    }
}
