using MLNetExtensions.Imaging.Augmentations.Engine;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

/// <summary>
/// Bounds are six standard deviations of what the statistic has under independence: the keys are fixed, so the tests cannot flicker.
/// </summary>
public class KeyedRandomTests
{
    private const int Count = 20_000;

    public static TheoryData<int> WhatVaries { get; } = [0, 1, 2, 3];

    [Theory]
    [MemberData(nameof(WhatVaries))]
    public void Draws_of_different_seeds_epochs_rows_and_operations_are_uniform_and_independent(int what)
    {
        double[] draws = [.. Enumerable.Range(0, Count).Select(i => Key(i).Open().Unit())];
        double sigma = 1 / Math.Sqrt(12.0 * Count);
        Assert.InRange(draws.Average(), 0.5 - (6 * sigma), 0.5 + (6 * sigma));
        foreach (int lag in (int[])[1, 2, 7, 64, 1000])
            Assert.InRange(Correlation(draws, lag), -6 / Math.Sqrt(Count), 6 / Math.Sqrt(Count));
        // 100 bins: chi square has mean 99 and standard deviation 14.
        double chi = draws.GroupBy(u => (int)(u * 100)).Sum(bin => Math.Pow(bin.Count() - (Count / 100.0), 2) / (Count / 100.0));
        Assert.InRange(chi, 99 - 60, 99 + 84);
        Assert.Equal(Count, draws.Distinct().Count());

        DrawKey Key(int i) =>
            what switch
            {
                0 => DrawKey.For((ulong)i, 3, 5),
                1 => DrawKey.For(7, i, 5),
                2 => DrawKey.For(7, 3, i),
                _ => DrawKey.For(7, 3, 5).Child(i),
            };
    }

    [Fact]
    public void Numbers_of_one_key_are_uncorrelated()
    {
        KeyedRandom random = DrawKey.For(1, 2, 3).Open();
        double[] draws = new double[Count];
        for (int i = 0; i < Count; i++)
            draws[i] = random.Unit();
        foreach (int lag in (int[])[1, 2, 3, 16])
            Assert.InRange(Correlation(draws, lag), -6 / Math.Sqrt(Count), 6 / Math.Sqrt(Count));
    }

    [Fact]
    public void Below_and_Between_reach_every_number_equally_often()
    {
        KeyedRandom random = DrawKey.For(1, 0, 0).Open();
        int[] counts = new int[7];
        for (int i = 0; i < 7 * 10_000; i++)
            counts[random.Between(-3, 3) + 3]++;
        Assert.All(counts, count => Assert.InRange(count, 10_000 - 600, 10_000 + 600));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1.0)]
    [InlineData(4.0)]
    public void Beta_has_the_moments_of_its_distribution(double alpha)
    {
        KeyedRandom random = DrawKey.For(5, 0, 0).Open();
        double[] draws = new double[Count];
        for (int i = 0; i < Count; i++)
            draws[i] = random.Beta(alpha, alpha);
        double variance = 1 / (4 * ((2 * alpha) + 1));
        Assert.InRange(draws.Average(), 0.5 - (6 * Math.Sqrt(variance / Count)), 0.5 + (6 * Math.Sqrt(variance / Count)));
        Assert.Equal(variance, draws.Average(x => (x - 0.5) * (x - 0.5)), variance * 0.06);
        Assert.All(draws, x => Assert.InRange(x, 0, 1));
    }

    [Fact]
    public void A_permutation_has_every_number_once_and_its_first_is_uniform()
    {
        int[] firsts = new int[5],
            order = new int[5];
        for (int i = 0; i < 10_000; i++)
        {
            DrawKey.For(9, 0, i).Open().Permute(order);
            Assert.Equal([0, 1, 2, 3, 4], order.Order());
            firsts[order[0]]++;
        }
        Assert.All(firsts, count => Assert.InRange(count, 2000 - 240, 2000 + 240));
    }

    private static double Correlation(double[] draws, int lag)
    {
        double sum = 0;
        for (int i = 0; i < draws.Length - lag; i++)
            sum += (draws[i] - 0.5) * (draws[i + lag] - 0.5) * 12;
        return sum / (draws.Length - lag);
    }
}
