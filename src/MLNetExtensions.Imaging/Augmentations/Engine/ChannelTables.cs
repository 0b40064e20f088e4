namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Replaces the values of each channel but alpha by a table that is made of its histogram.</summary>
internal static class ChannelTables
{
    /// <summary>Makes a table.</summary>
    /// <param name="histogram">The number of occurrences of each value in the channel.</param>
    /// <param name="count">The number of the channel's values.</param>
    /// <param name="table">Receives an entry for each value.</param>
    /// <returns>False if the channel does not change.</returns>
    public delegate bool Make(ReadOnlySpan<int> histogram, int count, Span<byte> table);

    public static void Apply(WorkingImage image, Make make)
    {
        Span<int> histogram = stackalloc int[256];
        Span<byte> table = stackalloc byte[256];
        for (int channel = 0; channel < image.ColorChannels; channel++)
        {
            Span<byte> plane = image.Pixels.Slice(channel * image.PlaneSize, image.PlaneSize);
            Histogram.Count(plane, histogram);
            if (make(histogram, plane.Length, table))
                ByteLookup.Apply(plane, table);
        }
    }
}
