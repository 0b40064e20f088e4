namespace MLNetExtensions.Data.Masks;

/// <summary>
/// Fills polygons with the very pixels that pycocotools fills (rleFrPoly of its maskApi.c): outlines are drawn on a grid five times as fine,
/// and each column of pixels changes between outside and inside where its middle crosses one.
/// </summary>
internal static class PolygonRaster
{
    private const double Scale = 5;

    // No annotation has outlines this long; without a bound, one coordinate could take all of the memory.
    private const long MostPoints = 20_000_000;

    /// <summary>Sets the pixels inside.</summary>
    /// <param name="points">x and y of each corner in pixels, in turn.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="inside">[height, width]; set to true inside, else left as it is.</param>
    /// <exception cref="InvalidDataException">It has no area, or coordinates out of all bounds; the message is the end of a
    /// sentence.</exception>
    public static void Fill(IReadOnlyList<double> points, int width, int height, Span<bool> inside)
    {
        if (points.Count < 6 || points.Count % 2 != 0)
            throw new InvalidDataException($"a polygon of it has {points.Count} numbers. Expected x and y of 3 corners or more");
        double bound = 10.0 * Math.Max(width, height);
        foreach (double value in points)
            if (!(Math.Abs(value) <= bound))
                throw new InvalidDataException($"a polygon of it has the coordinate {value:R}, far outside {width} x {height} pixels");

        List<long> crossings = Crossings(points, width, height);
        crossings.Add((long)width * height);
        crossings.Sort();
        // Pixels go from the top of a column to its bottom, and on in the next. At each crossing, outside becomes inside or back.
        for (int i = 0; i + 1 < crossings.Count; i += 2)
        for (long at = crossings[i]; at < crossings[i + 1]; at++)
            inside[(int)((at % height * width) + (at / height))] = true;
    }

    private static List<long> Crossings(IReadOnlyList<double> points, int width, int height)
    {
        int corners = points.Count / 2;
        List<long> crossings = [];
        long drawn = 0;
        (int U, int V)? before = null;
        for (int j = 0; j < corners; j++)
        {
            (int xs, int ys) = Corner(points, j);
            (int xe, int ye) = Corner(points, (j + 1) % corners);
            int dx = Math.Abs(xe - xs),
                dy = Math.Abs(ys - ye);
            drawn += Math.Max(dx, dy) + 1;
            if (drawn > MostPoints)
                throw new InvalidDataException("a polygon of it is longer than any outline can be");
            // A line is drawn from its lower end, so that both directions give the same points.
            bool flip = (dx >= dy && xs > xe) || (dx < dy && ys > ye);
            if (flip)
                (xs, xe, ys, ye) = (xe, xs, ye, ys);
            int steps = Math.Max(dx, dy);
            double slope =
                steps == 0 ? 0
                : dx >= dy ? (double)(ye - ys) / dx
                : (double)(xe - xs) / dy;
            for (int d = 0; d <= steps; d++)
            {
                int t = flip ? steps - d : d;
                (int U, int V) point = dx >= dy ? (t + xs, (int)(ys + (slope * t) + .5)) : ((int)(xs + (slope * t) + .5), t + ys);
                if (before is { } last && last.U != point.U && Crossing(last, point, width, height) is { } crossing)
                    crossings.Add(crossing);
                before = point;
            }
        }
        return crossings;
    }

    private static (int X, int Y) Corner(IReadOnlyList<double> points, int index) =>
        ((int)((Scale * points[2 * index]) + .5), (int)((Scale * points[(2 * index) + 1]) + .5));

    /// <summary>The first pixel behind the crossing of a column's middle, counted column after column; null between the middles.</summary>
    private static long? Crossing((int U, int V) last, (int U, int V) point, int width, int height)
    {
        double x = point.U < last.U ? point.U : point.U - 1;
        x = ((x + .5) / Scale) - .5;
        if (Math.Floor(x) != x || x < 0 || x > width - 1)
            return null;
        double y = ((Math.Min(point.V, last.V) + .5) / Scale) - .5;
        return ((long)x * height) + (long)Math.Ceiling(Math.Clamp(y, 0, height));
    }
}
