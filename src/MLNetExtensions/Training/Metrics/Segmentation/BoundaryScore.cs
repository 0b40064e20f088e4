namespace MLNetExtensions.Training.Metrics.Segmentation;

/// <summary>
/// The boundary F1 of a class in an image (Csurka et al., "What is a good evaluation measure for semantic segmentation?", BMVC 2013): the
/// fractions of each outline that lie near the other one. An outline is the pixels of the class beside a pixel (left, right, above, below)
/// of another; the image's edge and ignored pixels make none.
/// </summary>
internal sealed class BoundaryScore
{
    private readonly double _tolerance;
    private bool[] _found = [],
        _true = [];
    private int[] _distances = [];

    /// <param name="tolerance">The distance at which outlines still agree, as a fraction of the image's diagonal.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public BoundaryScore(double tolerance)
    {
        if (!double.IsFinite(tolerance) || tolerance < 0)
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "Expected a fraction of the diagonal of 0 or more.");
        _tolerance = tolerance;
    }

    /// <summary>The F1 of one class; null if it has an outline neither in the prediction nor in the truth.</summary>
    public double? F1(ReadOnlySpan<byte> predicted, ReadOnlySpan<byte> truth, int width, int height, int label, int? ignored)
    {
        if (_found.Length < truth.Length)
            (_found, _true, _distances) = (new bool[truth.Length], new bool[truth.Length], new int[truth.Length]);
        int found = Outline(predicted, truth, width, height, label, ignored, _found),
            expected = Outline(truth, truth, width, height, label, ignored, _true);
        if (found == 0 && expected == 0)
            return null;
        if (found == 0 || expected == 0)
            return 0;
        double reach = _tolerance * Math.Sqrt(((double)width * width) + ((double)height * height));
        double precision = (double)Near(_found, _true, width, height, reach) / found,
            recall = (double)Near(_true, _found, width, height, reach) / expected;
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    private static int Outline(
        ReadOnlySpan<byte> plane,
        ReadOnlySpan<byte> truth,
        int width,
        int height,
        int label,
        int? ignored,
        bool[] outline
    )
    {
        int count = 0;
        for (int y = 0, i = 0; y < height; y++)
        for (int x = 0; x < width; x++, i++)
        {
            outline[i] =
                plane[i] == label
                && truth[i] != ignored
                && (
                    (x > 0 && plane[i - 1] != label && truth[i - 1] != ignored)
                    || (x < width - 1 && plane[i + 1] != label && truth[i + 1] != ignored)
                    || (y > 0 && plane[i - width] != label && truth[i - width] != ignored)
                    || (y < height - 1 && plane[i + width] != label && truth[i + width] != ignored)
                );
            count += outline[i] ? 1 : 0;
        }
        return count;
    }

    /// <summary>The number of pixels of one outline within the reach of another: exact, by the distances in each column.</summary>
    private int Near(bool[] outline, bool[] other, int width, int height, double reach)
    {
        // Larger than any distance, and its square still fits a long.
        int far = width + height;
        for (int x = 0; x < width; x++)
        {
            int distance = far;
            for (int y = 0, i = x; y < height; y++, i += width)
                _distances[i] = distance = other[i] ? 0 : Math.Min(far, distance + 1);
            for (int y = height - 1, i = (y * width) + x; y >= 0; y--, i -= width)
                _distances[i] = distance = Math.Min(_distances[i], Math.Min(far, distance + 1));
        }
        int near = 0,
            most = (int)Math.Min(reach, far);
        double limit = reach * reach;
        for (int y = 0, i = 0; y < height; y++)
        for (int x = 0; x < width; x++, i++)
        {
            if (!outline[i])
                continue;
            int from = Math.Max(-most, -x),
                to = Math.Min(most, width - 1 - x);
            for (int dx = from; dx <= to; dx++)
            {
                long dy = _distances[i + dx];
                if (dy < far && ((long)dx * dx) + (dy * dy) <= limit)
                {
                    near++;
                    break;
                }
            }
        }
        return near;
    }
}
