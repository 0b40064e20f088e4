using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Similarity.Maps;
using Xunit;

namespace MLNetExtensions.Tests.Similarity.Maps;

public class EmbeddingMapTests
{
    private const int Length = 20;

    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<EmbeddingMapMethod> Methods => [new PcaMap(), new TsneMap { Iterations = 500 }, new UmapMap { Epochs = 200 }];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Three_clouds_stay_three_clouds(EmbeddingMapMethod method)
    {
        float[] values = DrawnVectors.Clustered(150, Length, seed: 1, clusters: 3, spread: 0.3);
        IReadOnlyList<MapPoint> map = Map(values, method);

        Assert.Equal(150, map.Count);
        Assert.Equal(("12.jpg", "0"), (map[12].Id, map[12].Label));
        // Each point's nearest neighbors on the map are of its own cloud.
        int own = 0;
        for (int row = 0; row < 150; row++)
            own += Nearest(map, row, 5).Count(other => map[other].Label == map[row].Label);
        Assert.True(own >= 0.98 * 5 * 150, $"{own}");
        if (method is not PcaMap)
            Assert.True(Trustworthiness(values, map, 5) >= 0.9, $"{Trustworthiness(values, map, 5)}");
        Assert.Equal(map, Map(values, method));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Rows_that_are_the_same_are_laid_out(EmbeddingMapMethod method)
    {
        float[] one = DrawnVectors.Gaussian(5, Length, seed: 1);
        IReadOnlyList<MapPoint> map = Map([.. Enumerable.Range(0, 12).SelectMany(_ => one)], method);
        Assert.All(map, point => Assert.True(float.IsFinite(point.X) && float.IsFinite(point.Y)));
        Assert.All(Map(new float[30 * Length], method), point => Assert.True(float.IsFinite(point.X) && float.IsFinite(point.Y)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_few_rows_are_laid_out_or_refused(EmbeddingMapMethod method)
    {
        Assert.Equal(5, Map(DrawnVectors.Gaussian(5, Length, seed: 1), method).Count);
        Assert.Contains(
            "There are 1 rows",
            Assert.Throws<ArgumentException>(() => Map(new float[Length], method)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Long_rows_are_projected_on_their_main_directions()
    {
        // Two directions of 200 have all the spread but a little.
        var random = new Random(2);
        float[] first = DrawnVectors.Gaussian(1, 200, seed: 3),
            second = DrawnVectors.Gaussian(1, 200, seed: 4),
            values = DrawnVectors.Gaussian(100, 200, seed: 5);
        for (int row = 0; row < 100; row++)
        {
            (float a, float b) = (20 * (random.NextSingle() - 0.5f), 10 * (random.NextSingle() - 0.5f));
            for (int i = 0; i < 200; i++)
                values[(row * 200) + i] = (0.01f * values[(row * 200) + i]) + (a * first[i]) + (b * second[i]);
        }
        PrincipalComponents components = PrincipalComponents.Of(values, 200, 3);
        Assert.True(components.Variances[1] > 1000 * components.Variances[2]);
        double dot = 0,
            norm = 0;
        for (int i = 0; i < 200; i++)
        {
            dot += components.Components[i] * components.Components[200 + i];
            norm += components.Components[i] * components.Components[i];
        }
        Assert.Equal(0, dot, 1e-9);
        Assert.Equal(1, norm, 1e-9);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        float[] values = DrawnVectors.Gaussian(30, Length, seed: 1);
        Assert.Contains(
            "Neighbors must be 2 to 1000",
            Assert.Throws<ArgumentOutOfRangeException>(() => Map(values, new UmapMap { Neighbors = 1 })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "for 30 rows it must be below 10",
            Assert.Throws<ArgumentException>(() => Map(values, new TsneMap { Perplexity = 10 })).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => Map(values, new TsneMap { Iterations = 3, Angle = 2 }));
    }

    private IReadOnlyList<MapPoint> Map(float[] values, EmbeddingMapMethod method)
    {
        int rows = values.Length / Length;
        IDataView view = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, rows)
                .Select(row => new Row
                {
                    Features = values[(row * Length)..((row + 1) * Length)],
                    ImagePath = $"{row}.jpg",
                    Label = $"{row * 3 / rows}",
                })
        );
        return _ml.Vision().MapEmbeddings(view, new EmbeddingMapOptions { Method = method, LabelColumnName = "Label" });
    }

    private static IEnumerable<int> Nearest(IReadOnlyList<MapPoint> map, int row, int count) =>
        Enumerable
            .Range(0, map.Count)
            .Where(other => other != row)
            .OrderBy(other => Math.Pow(map[other].X - map[row].X, 2) + Math.Pow(map[other].Y - map[row].Y, 2))
            .Take(count);

    private static double Trustworthiness(float[] values, IReadOnlyList<MapPoint> map, int k)
    {
        int n = map.Count;
        double penalty = 0;
        for (int row = 0; row < n; row++)
        {
            int[] order =
            [
                .. Enumerable
                    .Range(0, n)
                    .Where(other => other != row)
                    .OrderBy(other =>
                        Enumerable.Range(0, Length).Sum(i => Math.Pow(values[(row * Length) + i] - values[(other * Length) + i], 2))
                    ),
            ];
            foreach (int other in Nearest(map, row, k))
                penalty += Math.Max(0, Array.IndexOf(order, other) + 1 - k);
        }
        return 1 - (2.0 / (n * k * ((2 * n) - (3 * k) - 1)) * penalty);
    }

    private sealed class Row
    {
        [VectorType(Length)]
        public float[] Features { get; set; } = [];

        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
