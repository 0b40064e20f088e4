using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace MLNetExtensions.Similarity.Indexing;

/// <summary>Reads an index's file. Nothing is allocated before the file is as long as its header says, and nothing used before its hash is right.</summary>
internal static class IndexReader
{
    private const int Piece = 1 << 22;

    /// <exception cref="InvalidDataException">It is no index, or a damaged one.</exception>
    public static EmbeddingIndex Read(string path)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Indexes are read on little-endian machines only.");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        try
        {
            return Read(stream);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"The index '{path}' cannot be read: {e.Message}. Build and save it again.", e);
        }
    }

    private static EmbeddingIndex Read(FileStream stream)
    {
        byte[] start = new byte[IndexHeader.Size];
        int there = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        IndexHeader header = IndexHeader.Parse(start.AsSpan(0, there));
        if (stream.Length != header.FileSize)
            throw new InvalidDataException(
                $"it has {stream.Length} bytes where its header says {header.FileSize}: "
                    + (stream.Length < header.FileSize ? "it was cut short" : "something was added to it")
            );
        var hash = new XxHash128();
        hash.Append(start);
        byte[] ids = Bytes(header.IdBytes),
            labels = Bytes(header.LabelBytes);
        float[] values = Numbers<float>((long)header.Count * header.Dimension);
        HnswGraph? graph = null;
        int[] upper = [];
        if (header.Kind == IndexKind.Hnsw)
        {
            graph = new HnswGraph(header.Count, header.Links) { Entry = header.Entry };
            Fill<byte>(graph.Levels);
            Fill<int>(graph.LowestLinks);
            upper = Numbers<int>(header.UpperNumbers);
        }
        Span<byte> stored = stackalloc byte[IndexHeader.HashSize];
        stream.ReadExactly(stored);
        if (!stored.SequenceEqual(hash.GetCurrentHash()))
            throw new InvalidDataException("its checksum is wrong: bytes of it were changed");
        if (graph is not null)
            Restore(graph, upper);
        return new EmbeddingIndex(
            new VectorStore(values, header.Dimension, header.Metric),
            graph,
            header.SearchCandidates,
            IndexTexts.Read(ids, header.Count),
            IndexTexts.Read(labels, header.Count)
        );

        byte[] Bytes(long count) => Numbers<byte>(count);

        T[] Numbers<T>(long count)
            where T : unmanaged
        {
            T[] numbers = GC.AllocateUninitializedArray<T>(checked((int)count));
            Fill<T>(numbers);
            return numbers;
        }

        void Fill<T>(Span<T> numbers)
            where T : unmanaged
        {
            for (int at = 0; at < numbers.Length; at += Piece)
            {
                Span<byte> bytes = MemoryMarshal.AsBytes(numbers.Slice(at, Math.Min(Piece, numbers.Length - at)));
                stream.ReadExactly(bytes);
                hash.Append(bytes);
            }
        }
    }

    /// <summary>Shares the numbers of upper levels out, and looks whether all links lead to vectors of their level.</summary>
    private static void Restore(HnswGraph graph, int[] upper)
    {
        int width = graph.Links + 1,
            at = 0;
        for (int row = 0; row < graph.Levels.Length; row++)
        {
            int length = graph.Levels[row] * width;
            if (length == 0)
                continue;
            if (length > upper.Length - at)
                throw new InvalidDataException("its levels do not fit its links");
            graph.UpperLinks[row] = upper[at..(at += length)];
        }
        if (at != upper.Length)
            throw new InvalidDataException("its levels do not fit its links");
        for (int row = 0; row < graph.Levels.Length; row++)
        for (int level = 0; level <= graph.Levels[row]; level++)
        {
            int count = level == 0 ? graph.LowestLinks[row * (graph.Lowest + 1)] : graph.UpperLinks[row]![(level - 1) * width];
            if (count < 0 || count > graph.MostLinks(level))
                throw new InvalidDataException($"vector {row} has {count} links on level {level}");
            foreach (int other in graph.LinksOf(row, level))
                if ((uint)other >= (uint)graph.Levels.Length || graph.Levels[other] < level)
                    throw new InvalidDataException($"vector {row} is linked to {other} on level {level}");
        }
    }
}
