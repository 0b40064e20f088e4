using System.Text.Json;
using MLNetExtensions.Similarity.Maps;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Similarity.Maps;

public class GoldenMapTests
{
    private const int Rows = 10,
        Length = 4;

    private static readonly JsonElement Golden = GoldenJson.Read("tuning", "tsne_umap_pca.json");

    private static readonly float[] Values = Golden.GetProperty("x").Singles();

    private static NeighborTable Neighbors(int count) => NeighborTable.Of([.. Values], Length, count, CancellationToken.None);

    [Fact]
    public void Principal_components_are_those_of_the_golden_file()
    {
        JsonElement pca = Golden.GetProperty("pca");
        PrincipalComponents components = PrincipalComponents.Of(Values, Length, Length);
        Close(pca.GetProperty("components").Doubles(), components.Components, 1e-6);
        Close(pca.GetProperty("explained_variance").Doubles(), components.Variances, 1e-6);
        Close(pca.GetProperty("projection").Doubles(), components.Project(Values).Select(value => (double)value), 1e-5);
    }

    [Fact]
    public void Affinities_are_those_of_the_golden_file()
    {
        JsonElement tsne = Golden.GetProperty("tsne");
        double perplexity = tsne.GetProperty("perplexity").GetDouble();
        NeighborTable neighbors = Neighbors(Rows - 1);
        double[] betas = tsne.GetProperty("beta").Doubles(),
            own = new double[Rows - 1],
            conditional = new double[Rows * Rows];
        for (int row = 0; row < Rows; row++)
        {
            Assert.Equal(betas[row], TsneAffinities.Conditional(neighbors, row, perplexity, own), 1e-3 * betas[row]);
            for (int i = 0; i < own.Length; i++)
                conditional[(row * Rows) + neighbors.Rows[(row * own.Length) + i]] = own[i];
        }
        Close(tsne.GetProperty("conditional").Doubles(), conditional, 1e-4);
        Close(tsne.GetProperty("P").Doubles(), Dense(TsneAffinities.Of(neighbors, perplexity)), 1e-5);
    }

    [Fact]
    public void Gradient_and_divergence_are_those_of_the_golden_file()
    {
        JsonElement tsne = Golden.GetProperty("tsne");
        TsneAffinities affinities = TsneAffinities.Of(Neighbors(Rows - 1), tsne.GetProperty("perplexity").GetDouble());
        double[] points = tsne.GetProperty("Y").Doubles(),
            gradient = new double[points.Length],
            p = Dense(affinities),
            q = new double[p.Length];

        double total = TsneLayout.Gradient(affinities, points, exaggeration: 1, angle: 0, gradient);

        Close(tsne.GetProperty("gradient").Doubles(), gradient, 1e-4);
        double divergence = 0;
        for (int i = 0; i < q.Length; i++)
        {
            (int row, int other) = (i / Rows, i % Rows);
            if (row == other)
                continue;
            double dx = points[2 * row] - points[2 * other],
                dy = points[(2 * row) + 1] - points[(2 * other) + 1];
            q[i] = 1 / (1 + (dx * dx) + (dy * dy)) / total;
            divergence += p[i] * Math.Log(p[i] / q[i]);
        }
        Close(tsne.GetProperty("Q").Doubles(), q, 1e-9);
        Assert.Equal(tsne.GetProperty("kl").GetDouble(), divergence, 1e-4);
    }

    [Fact]
    public void A_coarse_gradient_is_near_the_exact_one()
    {
        var random = new Random(1);
        int rows = 300;
        float[] values = DrawnVectors.Gaussian(rows, 5, seed: 1);
        TsneAffinities affinities = TsneAffinities.Of(NeighborTable.Of(values, 5, 60, CancellationToken.None), 20);
        double[] points = [.. Enumerable.Range(0, 2 * rows).Select(_ => 10 * random.NextDouble())],
            exact = new double[points.Length],
            coarse = new double[points.Length];
        TsneLayout.Gradient(affinities, points, 1, angle: 0, exact);
        TsneLayout.Gradient(affinities, points, 1, angle: 0.5, coarse);
        double error = Math.Sqrt(exact.Zip(coarse).Sum(pair => Math.Pow(pair.First - pair.Second, 2))),
            size = Math.Sqrt(exact.Sum(g => g * g));
        Assert.True(error < 0.03 * size, $"{error} of {size}");
    }

    [Fact]
    public void Memberships_are_those_of_the_golden_file()
    {
        JsonElement umap = Golden.GetProperty("umap");
        int neighbors = umap.GetProperty("k").GetInt32() - 1;
        NeighborTable table = Neighbors(neighbors);
        double mean = table.Distances.Average(d => (double)d);
        double[] rho = umap.GetProperty("rho").Doubles(),
            sigma = umap.GetProperty("sigma").Doubles();
        for (int row = 0; row < Rows; row++)
        {
            (double ownRho, double ownSigma) = UmapGraph.Scale(table.Distances.AsSpan(row * neighbors, neighbors), mean);
            Assert.Equal(rho[row], ownRho, 1e-5);
            Assert.Equal(sigma[row], ownSigma, 1e-3 * sigma[row]);
        }
        UmapGraph graph = UmapGraph.Of(table);
        double[] dense = new double[Rows * Rows];
        for (int edge = 0; edge < graph.From.Length; edge++)
            dense[(graph.From[edge] * Rows) + graph.To[edge]] = graph.Weights[edge];
        Close(umap.GetProperty("graph").Doubles(), dense, 1e-4);
    }

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.25, "0.25")]
    [InlineData(0.5, "0.5")]
    public void Curves_are_those_of_the_golden_file(double minDistance, string name)
    {
        double[] expected = Golden.GetProperty("umap").GetProperty("a_b").GetProperty($"spread1_mindist{name}").Doubles();
        UmapCurve curve = UmapCurve.Fit(minDistance);
        Assert.Equal(expected[0], curve.A, 1e-4);
        Assert.Equal(expected[1], curve.B, 1e-4);
    }

    private static double[] Dense(TsneAffinities affinities)
    {
        double[] dense = new double[Rows * Rows];
        for (int row = 0; row < Rows; row++)
        for (int at = affinities.Starts[row]; at < affinities.Starts[row + 1]; at++)
            dense[(row * Rows) + affinities.Rows[at]] = affinities.Values[at];
        return dense;
    }

    private static void Close(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance) =>
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= tolerance);
}
