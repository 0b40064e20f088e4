namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Counts how often each value occurs.</summary>
internal static class Histogram
{
    /// <summary>Counts into 256 bins.</summary>
    public static void Count(ReadOnlySpan<byte> values, Span<int> histogram)
    {
        // Four tables: equal neighbors do not wait for each other's increment.
        Span<int> tables = stackalloc int[4 * 256];
        tables.Clear();
        int i = 0;
        for (; i <= values.Length - 4; i += 4)
        {
            tables[values[i]]++;
            tables[256 + values[i + 1]]++;
            tables[512 + values[i + 2]]++;
            tables[768 + values[i + 3]]++;
        }
        for (; i < values.Length; i++)
            tables[values[i]]++;
        for (int value = 0; value < 256; value++)
            histogram[value] = tables[value] + tables[256 + value] + tables[512 + value] + tables[768 + value];
    }
}
