using MLNetExtensions.Scoring.Sessions;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Sessions;

/// <summary>The dimensions of a model's input for the rows of a column.</summary>
public sealed class RowShapeTests
{
    [Theory]
    [InlineData(new[] { 2, 3 }, new long[] { 2, 3 }, new long[] { 2, 3 })]
    [InlineData(new[] { 2, 3 }, new long[] { -1, -1 }, new long[] { 2, 3 })]
    [InlineData(new[] { 6 }, new long[] { 2, 3 }, new long[] { 2, 3 })]
    [InlineData(new[] { 6 }, new long[] { -1, 3 }, new long[] { 2, 3 })]
    [InlineData(new[] { 6 }, new long[] { 4, -1 }, null)]
    [InlineData(new[] { 6 }, new long[] { -1, -1 }, null)]
    [InlineData(new[] { 6 }, new long[] { 5 }, null)]
    [InlineData(new[] { 6 }, new long[] { 0, -1 }, null)]
    [InlineData(new int[0], new long[] { 1 }, new long[] { 1 })]
    [InlineData(new int[0], new long[0], new long[0])]
    [InlineData(null, new long[] { 4, -1 }, new long[] { 4, -1 })]
    [InlineData(null, new long[] { -1, -1 }, null)]
    public void Open_sizes_follow_from_the_row(int[]? row, long[] dimensions, long[]? expected) =>
        Assert.Equal(expected, new RowShape("x", row).Resolve(dimensions));

    [Theory]
    [InlineData(new long[] { -1, 3 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 6 }, null)]
    [InlineData(new long[] { 3, 2 }, null)]
    public void An_exact_shape_is_not_regrouped(long[] dimensions, long[]? expected) =>
        Assert.Equal(expected, new RowShape("x", [2, 3], IsExact: true).Resolve(dimensions));

    [Theory]
    [InlineData(null, "column 'x' (rows of different lengths)")]
    [InlineData(new int[0], "column 'x' (one value a row)")]
    [InlineData(new[] { 2, 3 }, "column 'x' (2 x 3 a row)")]
    public void Messages_say_what_a_row_is(int[]? row, string expected) => Assert.Equal(expected, new RowShape("x", row).ToString());
}
