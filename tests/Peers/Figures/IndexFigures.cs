using System.Diagnostics;
using System.Globalization;
using MLNetExtensions.Similarity;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// A HNSW index of drawn vectors of 128 values: what it finds of the ten nearest, and how fast. A million vectors, or as many as
/// MLNETX_INDEX_VECTORS says; MLNETX_INDEX_LINKS, _BUILD and _SEARCH change its settings.
/// </summary>
internal static class IndexFigures
{
    private const int Dimension = 128,
        Queries = 1000,
        Wanted = 10;

    private static readonly (double Recall, double Rate)[] Clustered = new (double, double)[1],
        Gaussian = new (double, double)[1];

    /// <summary>The part of the ten nearest vectors that is found, the lower of clustered and Gaussian vectors.</summary>
    public static double? Recall() =>
        Math.Min(Measured(Clustered, isClustered: true).Recall, Measured(Gaussian, isClustered: false).Recall);

    /// <summary>Queries a second on all processors, the lower of clustered and Gaussian vectors.</summary>
    public static double? Rate() => Math.Min(Measured(Clustered, isClustered: true).Rate, Measured(Gaussian, isClustered: false).Rate);

    private static (double Recall, double Rate) Measured((double, double)[] known, bool isClustered)
    {
        if (known[0] == default)
            known[0] = Measure(isClustered);
        return known[0];
    }

    private static (double Recall, double Rate) Measure(bool isClustered)
    {
        int count = Number("MLNETX_INDEX_VECTORS", 1_000_000);
        float[] vectors = Draw(count, isClustered, seed: 1),
            queries = Draw(Queries, isClustered, seed: 2);
        int[][] nearest = Exact(vectors, queries);
        var options = new EmbeddingIndexOptions();
        options.Metric = IndexMetric.L2;
        options.Links = Number("MLNETX_INDEX_LINKS", options.Links);
        options.BuildCandidates = Number("MLNETX_INDEX_BUILD", options.BuildCandidates);
        string kind = isClustered ? "clustered" : "Gaussian";
        long started = Stopwatch.GetTimestamp();
        EmbeddingIndex index = EmbeddingIndex.Build(vectors, Dimension, options);
        Console.WriteLine(
            $"{kind}: {count} vectors of {Dimension}, M {options.Links}, {options.BuildCandidates} candidates, built in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"
        );
        int asked = Number("MLNETX_INDEX_SEARCH", 0);
        (double, double) result = default;
        foreach (int candidates in asked > 0 ? [asked] : (int[])[20, 50, 100, 200, 400, 800, 1600, 3200, 6400])
        {
            int[][] found = new int[Queries][];
            Run(index, queries, candidates, found);
            long from = Stopwatch.GetTimestamp();
            int rounds = 0;
            while (rounds < 3 || Stopwatch.GetElapsedTime(from).TotalSeconds < 2)
            {
                Run(index, queries, candidates, found);
                rounds++;
            }
            double rate = rounds * Queries / Stopwatch.GetElapsedTime(from).TotalSeconds,
                recall = Enumerable.Range(0, Queries).Average(q => found[q].Intersect(nearest[q]).Count() / (double)Wanted);
            Console.WriteLine($"{kind}: {candidates} candidates: recall@{Wanted} {recall:F4}, {rate:F0} queries a second");
            result = (recall, rate);
            if (asked == 0 && recall >= 0.95)
                break;
        }
        return result;
    }

    private static void Run(EmbeddingIndex index, float[] queries, int candidates, int[][] found) =>
        Parallel.For(
            0,
            Queries,
            q =>
            {
                int[] rows = found[q] ??= new int[Wanted];
                Span<float> distances = stackalloc float[Wanted];
                index.Search(queries.AsSpan(q * Dimension, Dimension), rows, distances, candidates);
            }
        );

    private static int[][] Exact(float[] vectors, float[] queries)
    {
        EmbeddingIndex flat = EmbeddingIndex.Build(
            vectors,
            Dimension,
            new EmbeddingIndexOptions { Kind = IndexKind.Flat, Metric = IndexMetric.L2 }
        );
        int[][] nearest = new int[Queries][];
        Run(flat, queries, 1, nearest);
        return nearest;
    }

    /// <summary>Gaussian vectors, or a thousand clusters whose places are Gaussian, with a spread of a third of theirs.</summary>
    private static float[] Draw(int count, bool isClustered, int seed)
    {
        const int Clusters = 1000;
        float[] centers = Normals(Clusters * Dimension, seed: 77),
            values = Normals(count * Dimension, seed);
        if (!isClustered)
            return values;
        var random = new Random(seed);
        for (int row = 0; row < count; row++)
        {
            int cluster = random.Next(Clusters) * Dimension;
            for (int i = 0; i < Dimension; i++)
                values[(row * Dimension) + i] = centers[cluster + i] + (values[(row * Dimension) + i] / 3);
        }
        return values;
    }

    private static float[] Normals(int count, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i += 2)
        {
            double length = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            (values[i], values[i + 1]) = ((float)(length * cosine), (float)(length * sine));
        }
        return values;
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
