namespace MLNetExtensions.Data.Masks;

/// <summary>The outline of an object in COCO's JSON: polygons, or lengths of runs.</summary>
/// <param name="Polygons">x and y of the corners of each polygon; null for runs.</param>
/// <param name="Height">The height of the image that runs are of.</param>
/// <param name="Width">Its width.</param>
/// <param name="Counts">The lengths of runs; null where they are packed into a text.</param>
/// <param name="PackedCounts">The lengths of runs as COCO's text.</param>
internal sealed record CocoSegmentation(
    IReadOnlyList<double[]>? Polygons,
    int Height,
    int Width,
    IReadOnlyList<long>? Counts,
    string? PackedCounts
)
{
    /// <summary>Sets the pixels inside.</summary>
    /// <param name="width">The image's width in pixels.</param>
    /// <param name="height">Its height.</param>
    /// <param name="inside">[height, width]; set to true inside, else left as it is.</param>
    /// <exception cref="InvalidDataException">It does not fit the image; the message is the end of a sentence.</exception>
    public void Fill(int width, int height, Span<bool> inside)
    {
        if (Polygons is not null)
        {
            foreach (double[] polygon in Polygons)
                PolygonRaster.Fill(polygon, width, height, inside);
            return;
        }
        if (Width != width || Height != height)
            throw new InvalidDataException($"its run lengths are of {Width} x {Height} pixels, the image is of {width} x {height}");
        RunLengths.Fill(Counts ?? RunLengths.Parse(PackedCounts!), width, height, inside);
    }
}
