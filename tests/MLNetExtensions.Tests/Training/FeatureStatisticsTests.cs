using MLNetExtensions.Training;
using Xunit;

namespace MLNetExtensions.Tests.Training;

public class FeatureStatisticsTests
{
    [Fact]
    public void Mean_and_deviation_are_over_the_given_rows_only()
    {
        using var cache = new FeatureCache([2], long.MaxValue, Path.GetTempPath());
        for (int row = 0; row < 100; row++)
            cache.Add([row, 7]);
        int[] rows = [.. Enumerable.Range(0, 80)];
        (float[] mean, float[] deviation) = FeatureStatistics.Compute(cache, rows);
        Assert.Equal(39.5f, mean[0], 4);
        Assert.Equal((float)Math.Sqrt((80.0 * 80 - 1) / 12), deviation[0], 3);
        Assert.Equal(7, mean[1]);
        Assert.Equal(0, deviation[1]);
    }
}
