using MLNetExtensions.Search;
using MLNetExtensions.Search.Samplers;
using MLNetExtensions.Search.Spaces;
using Xunit;

namespace MLNetExtensions.Tests.Search.Samplers;

public class ParzenEstimatorTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746)]
    [InlineData(-1.959963985, 0.025)]
    [InlineData(-6, 9.865876e-10)]
    public void Masses_of_the_normal_distribution_are_right(double value, double expected) =>
        Assert.Equal(1, NormalDistribution.Below(value) / expected, 2e-7);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_density_over_the_space_is_one(bool isMultivariate)
    {
        Dimension[] dimensions = [.. new SearchSpace<Point>().Range(o => o.X, 0.0, 2.0).Choice(o => o.Kind, "a", "b", "c").Dimensions];
        var estimator = new ParzenEstimator(
            dimensions,
            [
                [0.1, 2],
                [0.2, 2],
                [1.9, 0],
            ],
            [1, 1, 1],
            isMultivariate
        );
        double sum = 0;
        for (int kind = 0; kind < 3; kind++)
        for (int i = 0; i < 2000; i++)
            sum += Math.Exp(estimator.LogDensity([(i + 0.5) / 1000, kind])) / 1000;
        Assert.Equal(1, sum, 1e-3);
    }

    [Fact]
    public void The_masses_of_whole_numbers_add_up_to_one()
    {
        Dimension[] dimensions = [.. new SearchSpace<Point>().Range(o => o.Count, 1, 50, logBase: true).Dimensions];
        var estimator = new ParzenEstimator(
            dimensions,
            [
                [Math.Log(3)],
                [Math.Log(40)],
            ],
            [1, 1],
            true
        );
        double sum = Enumerable.Range(1, 50).Sum(n => Math.Exp(estimator.LogDensity([dimensions[0].Snap(Math.Log(n))])));
        Assert.Equal(1, sum, 1e-6);
    }

    [Fact]
    public void Draws_follow_the_density()
    {
        Dimension[] dimensions = [.. new SearchSpace<Point>().Range(o => o.X, 0.0, 1.0).Dimensions];
        var estimator = new ParzenEstimator(
            dimensions,
            [
                [0.05],
                [0.1],
                [0.7],
            ],
            [1, 1, 1],
            false
        );
        var random = new Random(5);
        int[] counts = new int[10];
        for (int i = 0; i < 20_000; i++)
            counts[Math.Min(9, (int)(estimator.Draw(random)[0] * 10))]++;
        for (int bin = 0; bin < 10; bin++)
        {
            double mass = Enumerable.Range(0, 100).Average(i => Math.Exp(estimator.LogDensity([(bin / 10.0) + ((i + 0.5) / 1000)]))) / 10;
            Assert.Equal(mass, counts[bin] / 20_000.0, 0.012);
        }
    }

    private sealed class Point
    {
        public double X { get; set; }
        public int Count { get; set; }
        public string Kind { get; set; } = "";
    }
}
