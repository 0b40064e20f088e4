using MLNetExtensions.Training;
using MLNetExtensions.Training.Privacy;
using Xunit;

namespace MLNetExtensions.Tests.Training.Privacy;

public class PoissonSamplingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public void Each_row_joins_each_step_with_the_same_probability(int? seed)
    {
        int[] rows = [.. Enumerable.Range(100, 1000)];
        var sampling = new PoissonSampling(rows, 50, seed);
        Assert.Equal((0.05, 20), (sampling.Rate, sampling.StepsPerEpoch));
        var counts = new Dictionary<int, int>();
        var sizes = new List<int>();
        for (int epoch = 0; epoch < 50; epoch++)
        {
            ReadOnlyMemory<int> order = sampling.Draw(epoch);
            Assert.Equal(sampling.StepsPerEpoch * sampling.SlotSize, order.Length);
            for (int step = 0; step < sampling.StepsPerEpoch; step++)
            {
                int[] drawn =
                [
                    .. order.Slice(step * sampling.SlotSize, sampling.SlotSize).ToArray().Where(row => row != StepSampling.Missing),
                ];
                Assert.Equal(drawn.Length, drawn.Distinct().Count());
                sizes.Add(drawn.Length);
                foreach (int row in drawn)
                    counts[row] = counts.GetValueOrDefault(row) + 1;
            }
        }
        // 1,000 steps of 50 rows: sizes have a variance of 47.5, counts of single rows too.
        Assert.InRange(sizes.Average(), 48.5, 51.5);
        Assert.InRange(sizes.Average(s => (s - 50.0) * (s - 50.0)), 35, 60);
        Assert.Equal(rows, counts.Keys.Order());
        Assert.InRange(counts.Values.Average(c => (c - 50.0) * (c - 50.0)), 38, 57);
    }

    [Fact]
    public void Steps_may_be_empty()
    {
        var sampling = new PoissonSampling([.. Enumerable.Range(0, 100)], 1, seed: 1);
        ReadOnlyMemory<int> order = sampling.Draw(0);
        Assert.Contains(
            Enumerable.Range(0, sampling.StepsPerEpoch),
            step => order.Slice(step * sampling.SlotSize, sampling.SlotSize).ToArray().All(row => row == StepSampling.Missing)
        );
    }

    [Fact]
    public void A_batch_of_all_rows_takes_all()
    {
        var sampling = new PoissonSampling([3, 4, 5], 8, seed: null);
        Assert.Equal((1.0, 1), (sampling.Rate, sampling.StepsPerEpoch));
        Assert.Equal([3, 4, 5], sampling.Draw(0).ToArray());
    }

    [Fact]
    public void Noise_is_normal()
    {
        foreach (int? seed in new int?[] { 1, null })
        {
            float[] values = new float[100_001];
            new GaussianNoise(seed).Fill(values, 2);
            Assert.InRange(values.Average(), -0.03, 0.03);
            Assert.InRange(Math.Sqrt(values.Average(v => (double)v * v)), 1.98, 2.02);
            Assert.InRange(values.Count(v => Math.Abs(v) < 2) / 100_001.0, 0.675, 0.69);
        }
    }
}
