using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Similarity;
using Xunit;

namespace MLNetExtensions.Tests.Similarity;

public class EmbeddingIndexTests
{
    private const int Dimension = 24;

    public static TheoryData<IndexMetric, bool> Cases =>
        new()
        {
            { IndexMetric.Cosine, false },
            { IndexMetric.Cosine, true },
            { IndexMetric.L2, false },
            { IndexMetric.L2, true },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_flat_index_gives_what_comparing_with_each_gives(IndexMetric metric, bool clustered)
    {
        float[] vectors = Draw(500, clustered, seed: 1),
            queries = Draw(20, clustered, seed: 2);
        EmbeddingIndex index = EmbeddingIndex.Build(
            vectors,
            Dimension,
            new EmbeddingIndexOptions { Kind = IndexKind.Flat, Metric = metric }
        );
        for (int q = 0; q < 20; q++)
        {
            ReadOnlyMemory<float> query = queries.AsMemory(q * Dimension, Dimension);
            (int Row, double Distance)[] expected =
            [
                .. Enumerable
                    .Range(0, 500)
                    .Select(row => (row, Distance(query.Span, vectors.AsSpan(row * Dimension, Dimension), metric)))
                    .OrderBy(pair => pair.Item2)
                    .Take(10),
            ];
            IReadOnlyList<SimilarItem> found = index.Search(query.Span, 10);
            Assert.Equal(expected.Select(pair => pair.Row), found.Select(item => item.Row));
            for (int i = 0; i < 10; i++)
                Assert.Equal(expected[i].Distance, found[i].Distance, 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_graph_finds_nearly_all_of_the_nearest(IndexMetric metric, bool clustered)
    {
        const int Count = 20_000,
            Queries = 200;
        float[] vectors = Draw(Count, clustered, seed: 1),
            queries = Draw(Queries, clustered, seed: 2);
        EmbeddingIndex exact = EmbeddingIndex.Build(
                vectors,
                Dimension,
                new EmbeddingIndexOptions { Kind = IndexKind.Flat, Metric = metric }
            ),
            index = EmbeddingIndex.Build(vectors, Dimension, new EmbeddingIndexOptions { Metric = metric, BuildCandidates = 100 });
        int right = 0;
        for (int q = 0; q < Queries; q++)
        {
            ReadOnlySpan<float> query = queries.AsSpan(q * Dimension, Dimension);
            right += index.Search(query, 10).Select(item => item.Row).Intersect(exact.Search(query, 10).Select(item => item.Row)).Count();
        }
        Assert.True(right >= 0.95 * 10 * Queries, $"recall {right / (10.0 * Queries)}");
    }

    [Fact]
    public void The_graph_is_the_same_for_any_number_of_threads()
    {
        float[] vectors = DrawnVectors.Gaussian(4000, Dimension, seed: 1);
        EmbeddingIndex Build(int threads) =>
            EmbeddingIndex.Build(vectors, Dimension, new EmbeddingIndexOptions { Threads = threads, BuildCandidates = 50 });
        EmbeddingIndex one = Build(1),
            several = Build(4);
        Assert.Equal(one.Graph!.Entry, several.Graph!.Entry);
        Assert.Equal(one.Graph.Levels, several.Graph.Levels);
        Assert.Equal(one.Graph.LowestLinks, several.Graph.LowestLinks);
        Assert.Equal(one.Graph.UpperLinks, several.Graph.UpperLinks);
    }

    [Fact]
    public void Vectors_are_found_by_themselves_also_where_many_are_the_same()
    {
        // 300 vectors, each 20 times.
        float[] different = DrawnVectors.Gaussian(300, Dimension, seed: 1),
            vectors = [.. Enumerable.Range(0, 20).SelectMany(_ => different)];
        EmbeddingIndex index = EmbeddingIndex.Build(vectors, Dimension, new EmbeddingIndexOptions { Metric = IndexMetric.L2 });
        int right = 0;
        for (int row = 0; row < 300; row++)
            right += index
                .Search(different.AsSpan(row * Dimension, Dimension), 5)
                .Count(item => item.Row % 300 == row && item.Distance < 1e-5f);
        Assert.True(right >= 0.98 * 1500, $"{right}");
    }

    [Fact]
    public void Of_equal_ones_the_lower_row_comes_first()
    {
        float[] vectors = [1, 0, 0, 1, 1, 0, 0, 1];
        foreach (IndexKind kind in Enum.GetValues<IndexKind>())
        {
            EmbeddingIndex index = EmbeddingIndex.Build(vectors, 2, new EmbeddingIndexOptions { Kind = kind });
            Assert.Equal([0, 2, 1, 3], index.Search([2, 0], 10).Select(item => item.Row));
            Assert.Equal([0f, 0f, 1f, 1f], index.Search([2, 0], 10).Select(item => item.Distance));
        }
    }

    [Fact]
    public void Many_threads_search_at_once_and_get_what_one_gets()
    {
        float[] vectors = DrawnVectors.Gaussian(3000, Dimension, seed: 1),
            queries = DrawnVectors.Gaussian(400, Dimension, seed: 2);
        EmbeddingIndex index = EmbeddingIndex.Build(vectors, Dimension);
        int[][] expected = [.. Enumerable.Range(0, 400).Select(Find)],
            found = new int[400][];
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, q => found[q] = Find(q));
        Assert.Equal(expected, found);

        int[] Find(int q) => [.. index.Search(queries.AsSpan(q * Dimension, Dimension), 10).Select(item => item.Row)];
    }

    [Fact]
    public void A_search_into_memory_of_the_caller_allocates_nothing()
    {
        EmbeddingIndex index = EmbeddingIndex.Build(DrawnVectors.Gaussian(2000, Dimension, seed: 1), Dimension);
        float[] query = DrawnVectors.Gaussian(1, Dimension, seed: 2);
        int[] rows = new int[10];
        float[] distances = new float[10];
        for (int i = 0; i < 50; i++)
            index.Search(query, rows, distances);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            index.Search(query, rows, distances);
        // The bag of searches makes a node now and then.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64_000, $"{GC.GetAllocatedBytesForCurrentThread() - before}");
        Assert.Equal(index.Search(query, 10).Select(item => item.Row), rows);
    }

    [Fact]
    public void Ids_and_labels_come_with_the_results_of_rows_of_a_view()
    {
        var ml = new MLContext(seed: 1);
        float[] vectors = DrawnVectors.Gaussian(50, 3, seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 50)
                .Select(i => new Row
                {
                    Features = vectors[(i * 3)..(i * 3 + 3)],
                    ImagePath = $"{i}.jpg",
                    Name = i % 2 == 0 ? "even" : "odd",
                })
        );
        IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(rows).Transform(rows);

        EmbeddingIndex index = ml.Vision().BuildIndex(keyed, new BuildIndexOptions { LabelColumnName = "Label" });

        SimilarItem first = index.Search(vectors.AsSpan(21, 3), 1)[0];
        Assert.Equal((7, "7.jpg", "odd"), (first.Row, first.Id, first.Label));
        Assert.Equal(0, first.Distance, 1e-5f);
        Assert.Equal(1, index.VectorOf(7).ToArray().Sum(value => value * value), 1e-5f);
        Assert.Null(ml.Vision().BuildIndex(keyed, new BuildIndexOptions { IdColumnName = null }).Ids);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            ml.Vision().BuildIndex(keyed, new BuildIndexOptions { FeatureColumnName = "Feature" })
        );
    }

    [Fact]
    public void What_cannot_be_indexed_or_searched_is_refused()
    {
        EmbeddingIndex index = EmbeddingIndex.Build([1, 0, 0, 1], 2);
        Assert.Contains(
            "3 values, the index is of vectors of 2",
            Message<ArgumentException>(() => index.Search([1, 2, 3], 1)),
            StringComparison.Ordinal
        );
        Assert.Contains("NaN", Message<ArgumentException>(() => index.Search([1, float.NaN], 1)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 2], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 2], 1, candidates: 0));
        Assert.Contains(
            "Value 1 of vector 1 is",
            Message<ArgumentException>(() => EmbeddingIndex.Build([1, 0, 0, float.PositiveInfinity], 2)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "5 values are no vectors of 2",
            Message<ArgumentException>(() => EmbeddingIndex.Build(new float[5], 2)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "1 ids for 2 vectors",
            Message<ArgumentException>(() => EmbeddingIndex.Build([1, 0, 0, 1], 2, ids: ["a"])),
            StringComparison.Ordinal
        );
        string settings = Message<ArgumentOutOfRangeException>(() =>
            EmbeddingIndex.Build(
                [1, 0],
                2,
                new EmbeddingIndexOptions
                {
                    Links = 1,
                    BuildCandidates = 0,
                    SearchCandidates = 0,
                }
            )
        );
        foreach (string name in (string[])["Links", "BuildCandidates", "SearchCandidates"])
            Assert.Contains($"{name} must be", settings, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancellation_ends_the_building()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            EmbeddingIndex.Build(
                DrawnVectors.Gaussian(1000, 4, seed: 1),
                4,
                new EmbeddingIndexOptions { CancellationToken = canceled.Token }
            )
        );
    }

    private static string Message<T>(Action action)
        where T : Exception => Assert.Throws<T>(action).Message;

    private static float[] Draw(int count, bool clustered, int seed) =>
        clustered ? DrawnVectors.Clustered(count, Dimension, seed) : DrawnVectors.Gaussian(count, Dimension, seed);

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b, IndexMetric metric)
    {
        double dot = 0,
            aa = 0,
            bb = 0,
            squared = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
            squared += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        }
        return metric == IndexMetric.Cosine ? 1 - (dot / Math.Sqrt(aa * bb)) : Math.Sqrt(squared);
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string ImagePath { get; set; } = "";

        public string Name { get; set; } = "";
    }
}
