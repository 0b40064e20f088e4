using MLNetExtensions.Training;
using Xunit;

namespace MLNetExtensions.Tests.Training;

public class FeatureCacheTests
{
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1 << 20)]
    [InlineData(0)]
    public void Rows_are_divided_into_their_items(long budget)
    {
        using var cache = new FeatureCache([3, 1000], budget, Path.GetTempPath());
        for (int row = 0; row < 500; row++)
            cache.Add([.. Enumerable.Range(0, 1003).Select(i => row * 2000f + i)]);
        Assert.Equal(500, cache.Count);
        int[] rows = [499, 0, 250, 250, 1];
        float[][] inputs = [new float[rows.Length * 3], new float[rows.Length * 1000]];
        cache.Fill(rows, RowView.Plain, inputs);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(Enumerable.Range(0, 3).Select(v => rows[i] * 2000f + v), inputs[0].AsSpan(i * 3, 3).ToArray());
            Assert.Equal(Enumerable.Range(3, 1000).Select(v => rows[i] * 2000f + v), inputs[1].AsSpan(i * 1000, 1000).ToArray());
        }
    }
}
