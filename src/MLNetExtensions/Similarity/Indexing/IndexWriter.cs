using System.IO.Hashing;
using System.Runtime.InteropServices;
using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.Similarity.Indexing;

/// <summary>Writes an index's file.</summary>
internal static class IndexWriter
{
    // Spans of bytes end at 2 GB, arrays of floats do not.
    private const int Piece = 1 << 22;

    public static void Write(EmbeddingIndex index, string path)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Indexes are written on little-endian machines only.");
        byte[] ids = IndexTexts.Write(index.Ids),
            labels = IndexTexts.Write(index.Labels);
        HnswGraph? graph = index.Graph;
        byte[] header = new IndexHeader
        {
            Kind = index.Kind,
            Metric = index.Metric,
            Dimension = index.Dimension,
            Count = index.Count,
            Links = graph?.Links ?? 0,
            SearchCandidates = index.SearchCandidates,
            Entry = graph?.Entry ?? 0,
            IdBytes = ids.Length,
            LabelBytes = labels.Length,
            UpperNumbers = graph?.UpperLinks.Sum(list => (long)(list?.Length ?? 0)) ?? 0,
        }.ToBytes();
        TemporaryFile.Write(
            path,
            file =>
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, 1 << 20);
                var hash = new XxHash128();
                Add(header);
                Add(ids);
                Add(labels);
                AddNumbers<float>(index.Vectors.Values);
                if (graph is not null)
                {
                    Add(graph.Levels);
                    AddNumbers<int>(graph.LowestLinks);
                    foreach (int[]? list in graph.UpperLinks)
                        AddNumbers<int>(list);
                }
                stream.Write(hash.GetCurrentHash());

                void Add(ReadOnlySpan<byte> bytes)
                {
                    hash.Append(bytes);
                    stream.Write(bytes);
                }

                void AddNumbers<T>(ReadOnlySpan<T> numbers)
                    where T : unmanaged
                {
                    for (int at = 0; at < numbers.Length; at += Piece)
                        Add(MemoryMarshal.AsBytes(numbers.Slice(at, Math.Min(Piece, numbers.Length - at))));
                }
            }
        );
    }
}
