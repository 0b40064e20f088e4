using Microsoft.ML;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FineTune;

public class FeatureMemoryTests
{
    private const int Row = 4 * 10 + 160;

    private readonly FeatureMemory _memory = new();

    [Fact]
    public void Rows_are_found_by_network_and_image()
    {
        Add(network: 1, row: 7, budget: 10 * Row);
        Assert.Equal(7, Read(1, 7));
        Assert.Null(Read(2, 7));
        Assert.Null(Read(1, 8));
        Assert.Equal((10, 0), (_memory.SizeOf(Key(1)), _memory.SizeOf(Key(2))));
    }

    [Fact]
    public void Where_there_is_no_room_other_networks_go_the_longest_unused_first()
    {
        foreach (int network in (int[])[1, 2, 3])
            for (int row = 0; row < 3; row++)
                Add(network, row, budget: 9 * Row);
        _memory.Use(Key(1));
        Add(network: 4, row: 0, budget: 9 * Row);
        Assert.Null(Read(2, 0));
        Assert.Equal([0, 0, 0], [Read(1, 0), Read(3, 0), Read(4, 0)]);
        Assert.Equal(7 * Row, _memory.Bytes);
    }

    [Fact]
    public void A_set_larger_than_the_room_keeps_its_first_rows()
    {
        for (int row = 0; row < 20; row++)
            Add(network: 1, row, budget: 5 * Row);
        Assert.Equal(5 * Row, _memory.Bytes);
        Assert.Equal([0, 4, null], [Read(1, 0), Read(1, 4), Read(1, 5)]);
    }

    [Fact]
    public void A_context_has_one_memory_and_another_context_another()
    {
        MLContext first = new(),
            second = new();
        Assert.Same(FeatureMemory.Of(first), FeatureMemory.Of(first));
        Assert.NotSame(FeatureMemory.Of(first), FeatureMemory.Of(second));
    }

    private void Add(int network, int row, long budget) =>
        _memory.Add(Key(network), Key(row), [.. Enumerable.Repeat((float)row, 10)], budget);

    private float? Read(int network, int row)
    {
        float[] features = new float[10];
        return _memory.TryRead(Key(network), Key(row), features) ? features[0] : null;
    }

    private static RecordCache.Key Key(int number) => RecordCache.KeyOf([(byte)number]);
}
