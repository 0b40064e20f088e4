using System.Buffers.Binary;

namespace MLNetExtensions.Similarity.Indexing;

/// <summary>The beginning of an index's file; numbers are little-endian. Behind it come ids, labels, vectors, levels, links and a hash.</summary>
/// <remarks>Version 1: the first.</remarks>
internal sealed record IndexHeader
{
    /// <summary>The bytes of the header.</summary>
    public const int Size = 72;

    /// <summary>The bytes of the XXH128 of everything before it, at the end of the file.</summary>
    public const int HashSize = 16;

    private const int Version = 1;

    private static readonly byte[] Magic = "mlnxidx\n"u8.ToArray();

    public required IndexKind Kind { get; init; }

    public required IndexMetric Metric { get; init; }

    public required int Dimension { get; init; }

    public required int Count { get; init; }

    public required int Links { get; init; }

    public required int SearchCandidates { get; init; }

    public required int Entry { get; init; }

    public required long IdBytes { get; init; }

    public required long LabelBytes { get; init; }

    /// <summary>The numbers in the lists of all upper levels.</summary>
    public required long UpperNumbers { get; init; }

    /// <summary>The bytes of the file.</summary>
    public decimal FileSize =>
        Size
        + IdBytes
        + (decimal)LabelBytes
        + ((decimal)Count * Dimension * sizeof(float))
        + (Kind == IndexKind.Hnsw ? Count + ((decimal)Count * ((2 * Links) + 1) * sizeof(int)) + ((decimal)UpperNumbers * sizeof(int)) : 0)
        + HashSize;

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Magic.CopyTo(bytes, 0);
        int[] numbers = [Version, (int)Kind, (int)Metric, Dimension, Count, Links, SearchCandidates, Entry];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8 + (4 * i)), numbers[i]);
        long[] sizes = [IdBytes, LabelBytes, UpperNumbers];
        for (int i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40 + (8 * i)), sizes[i]);
        return bytes;
    }

    /// <exception cref="InvalidDataException">It is no index's header, or its numbers cannot be.</exception>
    public static IndexHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes[..8].SequenceEqual(Magic))
            throw new InvalidDataException("it is no index of this library");
        int[] numbers = new int[8];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(8 + (4 * i))..]);
        if (numbers[0] != Version)
            throw new InvalidDataException($"it is of version {numbers[0]}, this library reads version {Version}");
        var header = new IndexHeader
        {
            Kind = (IndexKind)numbers[1],
            Metric = (IndexMetric)numbers[2],
            Dimension = numbers[3],
            Count = numbers[4],
            Links = numbers[5],
            SearchCandidates = numbers[6],
            Entry = numbers[7],
            IdBytes = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            LabelBytes = BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            UpperNumbers = BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
        };
        header.Check();
        return header;
    }

    private void Check()
    {
        bool isRight =
            Enum.IsDefined(Kind)
            && Enum.IsDefined(Metric)
            && Dimension > 0
            && Count > 0
            && (long)Count * Dimension <= Array.MaxLength
            && SearchCandidates > 0
            && IdBytes is >= 0 and <= int.MaxValue
            && LabelBytes is >= 0 and <= int.MaxValue
            && UpperNumbers is >= 0 and <= int.MaxValue
            && (
                Kind == IndexKind.Flat
                || (Links is >= 2 and <= 128 && Entry >= 0 && Entry < Count && (long)Count * ((2 * Links) + 1) <= Array.MaxLength)
            );
        if (!isRight)
            throw new InvalidDataException("its header has sizes that cannot be");
    }
}
