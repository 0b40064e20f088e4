namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>
/// Which objects of one class the found boxes of an image are, by COCO's rules: the boxes take objects in the order of their scores, each
/// the one it overlaps most; objects out of the range of areas, and crowds, are taken only where no other is left.
/// </summary>
internal sealed class BoxMatching
{
    private readonly Box[] _objects;
    private readonly bool[] _crowds;
    private readonly Box[] _found;
    private readonly float[] _scores;
    private readonly double[,] _overlaps;

    /// <param name="image">The image.</param>
    /// <param name="label">The class.</param>
    /// <param name="most">The number of found boxes that count, those with the highest scores.</param>
    public BoxMatching(ImageBoxes image, int label, int most)
    {
        int[] objects = [.. Enumerable.Range(0, image.Classes.Length).Where(i => image.Classes[i] == label)];
        _objects = [.. objects.Select(i => Box.At(image.Boxes, i))];
        _crowds = [.. objects.Select(i => image.IsCrowd?[i] ?? false)];
        int[] found =
        [
            .. Enumerable
                .Range(0, image.FoundClasses.Length)
                .Where(i => image.FoundClasses[i] == label)
                .OrderByDescending(i => image.FoundScores[i])
                .Take(most),
        ];
        _found = [.. found.Select(i => Box.At(image.FoundBoxes, i))];
        _scores = [.. found.Select(i => image.FoundScores[i])];
        _overlaps = new double[_found.Length, _objects.Length];
        for (int d = 0; d < _found.Length; d++)
        for (int g = 0; g < _objects.Length; g++)
            _overlaps[d, g] = _found[d].OverlapWith(_objects[g], _crowds[g]);
    }

    /// <summary>Adds the found boxes to a list.</summary>
    /// <returns>The number of objects that should be found.</returns>
    public int Match(AreaRange range, double[] thresholds, List<FoundBox> found)
    {
        bool[] ignored = [.. _objects.Select((box, i) => _crowds[i] || !range.Contains(box.Area))];
        // Those that count first.
        int[] order = [.. Enumerable.Range(0, _objects.Length).OrderBy(g => ignored[g])];
        int[] matched = new int[_found.Length],
            leftOut = new int[_found.Length];
        bool[] taken = new bool[_objects.Length];
        for (int t = 0; t < thresholds.Length; t++)
        {
            Array.Clear(taken);
            for (int d = 0; d < _found.Length; d++)
            {
                int best = Best(d, Math.Min(thresholds[t], 1 - 1e-10), order, ignored, taken);
                if (best >= 0)
                {
                    taken[best] = true;
                    matched[d] |= 1 << t;
                }
                if (best >= 0 ? ignored[best] : !range.Contains(_found[d].Area))
                    leftOut[d] |= 1 << t;
            }
        }
        for (int d = 0; d < _found.Length; d++)
            found.Add(new FoundBox(_scores[d], d, matched[d], leftOut[d]));
        return ignored.Count(i => !i);
    }

    private int Best(int d, double least, int[] order, bool[] ignored, bool[] taken)
    {
        int best = -1;
        foreach (int g in order)
        {
            if (taken[g] && !_crowds[g])
                continue;
            if (best >= 0 && !ignored[best] && ignored[g])
                break;
            if (_overlaps[d, g] < least)
                continue;
            (least, best) = (_overlaps[d, g], g);
        }
        return best;
    }
}
