using MLNetExtensions.Training.Metrics.Segmentation;

namespace MLNetExtensions.Reports.Pixels;

/// <summary>Keeps the rows with the largest fractions of wrong pixels while all are read, small: large masks of all rows would fill the memory.</summary>
/// <param name="count">The number of rows to keep.</param>
/// <param name="size">The longer side of the masks that are kept.</param>
/// <param name="classes">The number of classes.</param>
internal sealed class WorstMasks(int count, int size, int classes)
{
    private readonly PriorityQueue<MaskedRow, (double, int)> _kept = new();
    private readonly int[] _cells = new int[classes * classes];

    /// <summary>The rows that were kept, the worst first.</summary>
    public IReadOnlyList<MaskedRow> Rows =>
        [.. _kept.UnorderedItems.Select(item => item.Element).OrderByDescending(row => row.WrongFraction).ThenBy(row => row.Row)];

    /// <summary>Looks at a row.</summary>
    public void Add(in MaskPair pair)
    {
        Array.Clear(_cells);
        int counted = 0,
            wrong = 0;
        for (int i = 0; i < pair.Truth.Length; i++)
        {
            byte actual = pair.Truth[i];
            if (actual == pair.IgnoredIndex)
                continue;
            counted++;
            if (actual == pair.Found[i])
                continue;
            wrong++;
            _cells[(actual * classes) + pair.Found[i]]++;
        }
        if (wrong == 0 || count == 0)
            return;
        double fraction = (double)wrong / counted;
        (double, int) rank = (fraction, -(int)pair.Row);
        if (_kept.Count == count)
        {
            _kept.TryPeek(out _, out (double, int) least);
            if (rank.CompareTo(least) < 0)
                return;
            _kept.Dequeue();
        }
        int most = Array.IndexOf(_cells, _cells.Max());
        _kept.Enqueue(
            new MaskedRow(
                (int)pair.Row,
                fraction,
                most / classes,
                most % classes,
                SmallMask.Of(pair.Truth, pair.Size.Width, pair.Size.Height, size),
                SmallMask.Of(pair.Found, pair.Size.Width, pair.Size.Height, size)
            ),
            rank
        );
    }
}
