namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Fills polygons: a pixel belongs to one if its center lies inside (even-odd rule).</summary>
internal static class PolygonRaster
{
    /// <summary>Fills the parts of an outline.</summary>
    /// <param name="rings">The parts, x and y in turn.</param>
    /// <param name="mask">[height, width]; pixels outside are left.</param>
    /// <param name="width">The mask's width.</param>
    /// <param name="height">The mask's height.</param>
    /// <param name="value">The value of pixels inside.</param>
    public static void Fill(IReadOnlyList<float[]> rings, Span<byte> mask, int width, int height, byte value)
    {
        var crossings = new List<double>();
        foreach (float[] ring in rings)
            for (int y = 0; y < height; y++)
            {
                Crossings(ring, y + 0.5, crossings);
                for (int i = 0; i + 1 < crossings.Count; i += 2)
                {
                    int begin = Math.Clamp((int)Math.Ceiling(crossings[i] - 0.5), 0, width),
                        end = Math.Clamp((int)Math.Ceiling(crossings[i + 1] - 0.5), begin, width);
                    mask.Slice((y * width) + begin, end - begin).Fill(value);
                }
            }
    }

    private static void Crossings(float[] ring, double y, List<double> crossings)
    {
        crossings.Clear();
        int points = ring.Length / 2;
        for (int i = 0; i < points; i++)
        {
            int next = (i + 1) % points;
            (double x0, double y0, double x1, double y1) = (ring[2 * i], ring[(2 * i) + 1], ring[2 * next], ring[(2 * next) + 1]);
            if (y0 <= y != y1 <= y)
                crossings.Add(x0 + ((y - y0) / (y1 - y0) * (x1 - x0)));
        }
        crossings.Sort();
    }
}
