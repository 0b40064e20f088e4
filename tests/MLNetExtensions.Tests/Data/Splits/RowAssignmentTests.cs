using MLNetExtensions.Data.Splits;
using Xunit;

namespace MLNetExtensions.Tests.Data.Splits;

/// <summary>Groups that stay together: which part each goes to.</summary>
public sealed class RowAssignmentTests
{
    [Fact]
    public void The_largest_group_is_placed_first()
    {
        int[] groups = [0, 1, 2, 3, 4, 4, 4, 4, 4, 4];

        int[] parts = RowAssignment.Groups(new int[10], groups, [0.5, 0.5], seed: 1);

        Assert.Single(parts[4..].Distinct());
        Assert.Equal([1 - parts[4]], parts[..4].Distinct());
    }

    [Fact]
    public void Parts_fill_up_to_their_shares()
    {
        int[] rows = [.. Enumerable.Range(0, 40)];

        int[] parts = RowAssignment.Groups([.. rows.Select(row => row % 2)], rows, [0.7, 0.2, 0.1], seed: 1);

        Assert.Equal([28, 8, 4], Enumerable.Range(0, 3).Select(part => parts.Count(p => p == part)));
        Assert.Equal([14, 4, 2], Enumerable.Range(0, 3).Select(part => rows.Count(row => parts[row] == part && row % 2 == 0)));
    }

    [Fact]
    public void The_seed_decides_between_equal_groups()
    {
        int[] groups = [.. Enumerable.Range(0, 20)];

        Assert.NotEqual(
            RowAssignment.Groups(new int[20], groups, [0.5, 0.5], seed: 1),
            RowAssignment.Groups(new int[20], groups, [0.5, 0.5], seed: 2)
        );
    }
}
