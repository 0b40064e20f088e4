using System.Buffers.Binary;
using MLNetExtensions.Similarity;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Similarity;

public sealed class IndexFileTests : IDisposable
{
    private const int Dimension = 6,
        Count = 700;

    private readonly TemporaryFolder _folder = new();
    private readonly float[] _vectors = DrawnVectors.Gaussian(Count, Dimension, seed: 1);

    private string File => Path.Combine(_folder.Path, "photos.index");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(IndexKind.Flat, IndexMetric.Cosine, false)]
    [InlineData(IndexKind.Flat, IndexMetric.L2, true)]
    [InlineData(IndexKind.Hnsw, IndexMetric.Cosine, true)]
    [InlineData(IndexKind.Hnsw, IndexMetric.L2, false)]
    public void A_loaded_index_gives_the_same_answers(IndexKind kind, IndexMetric metric, bool hasNames)
    {
        EmbeddingIndex index = Build(kind, metric, hasNames);

        index.Save(File);
        EmbeddingIndex loaded = EmbeddingIndex.Load(File);

        Assert.Equal(
            (index.Kind, index.Metric, index.Count, index.Dimension, index.SearchCandidates),
            (loaded.Kind, loaded.Metric, loaded.Count, loaded.Dimension, loaded.SearchCandidates)
        );
        float[] queries = DrawnVectors.Gaussian(30, Dimension, seed: 2);
        for (int q = 0; q < 30; q++)
            Assert.Equal(
                index.Search(queries.AsSpan(q * Dimension, Dimension), 10),
                loaded.Search(queries.AsSpan(q * Dimension, Dimension), 10)
            );
        Assert.Equal(index.Ids, loaded.Ids);
        Assert.Equal(index.Labels, loaded.Labels);
        loaded.Save(File + "2");
        Assert.Equal(System.IO.File.ReadAllBytes(File), System.IO.File.ReadAllBytes(File + "2"));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void A_file_that_was_cut_short_or_lengthened_is_refused()
    {
        Build(IndexKind.Hnsw, IndexMetric.Cosine, hasNames: true).Save(File);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        foreach (int length in (int[])[0, 7, 71, 72, 500, whole.Length / 2, whole.Length - 1])
            Refused(whole[..length], length < 72 ? "it is no index of this library" : "it was cut short");
        Refused([.. whole, 0], "something was added to it");
    }

    [Fact]
    public void A_changed_byte_is_noticed_wherever_it_is()
    {
        Build(IndexKind.Hnsw, IndexMetric.Cosine, hasNames: true).Save(File);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(3);
        for (int i = 0; i < 200; i++)
        {
            byte[] changed = [.. whole];
            changed[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            Refused(changed, "");
        }
    }

    [Fact]
    public void Another_version_other_files_and_sizes_that_lie_are_named()
    {
        Build(IndexKind.Flat, IndexMetric.L2, hasNames: false).Save(File);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        byte[] later = [.. whole];
        later[8] = 2;
        Refused(later, "it is of version 2, this library reads version 1");
        Refused(
            "PK some zip that is long enough to have a header of seventy-two bytes in it, surely"u8.ToArray(),
            "it is no index of this library"
        );
        byte[] huge = [.. whole];
        BinaryPrimitives.WriteInt32LittleEndian(huge.AsSpan(24), int.MaxValue);
        Refused(huge, "its header has sizes that cannot be");
        byte[] mixed = [.. whole];
        BinaryPrimitives.WriteInt32LittleEndian(mixed.AsSpan(20), Dimension * 2);
        Refused(mixed, "it was cut short");
        Assert.Throws<FileNotFoundException>(() => EmbeddingIndex.Load(File + "x"));
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_the_old_one()
    {
        EmbeddingIndex index = Build(IndexKind.Flat, IndexMetric.L2, hasNames: false);
        index.Save(File);
        byte[] before = System.IO.File.ReadAllBytes(File);
        Assert.ThrowsAny<Exception>(() => index.Save(Path.Combine(_folder.Path, "missing", "x.index")));
        Assert.Throws<UnauthorizedAccessException>(() => index.Save(_folder.Path));
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    private EmbeddingIndex Build(IndexKind kind, IndexMetric metric, bool hasNames) =>
        EmbeddingIndex.Build(
            _vectors,
            Dimension,
            new EmbeddingIndexOptions
            {
                Kind = kind,
                Metric = metric,
                Links = 4,
                SearchCandidates = 33,
            },
            hasNames ? [.. Enumerable.Range(0, Count).Select(i => $"Büro/{i}.jpg")] : null,
            hasNames ? [.. Enumerable.Range(0, Count).Select(i => i % 3 == 0 ? "" : "label")] : null
        );

    private void Refused(byte[] bytes, string reason)
    {
        string changed = Path.Combine(_folder.Path, "changed.index");
        System.IO.File.WriteAllBytes(changed, bytes);
        string message = Assert.Throws<InvalidDataException>(() => EmbeddingIndex.Load(changed)).Message;
        Assert.Contains(changed, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains("Build and save it again", message, StringComparison.Ordinal);
    }
}
