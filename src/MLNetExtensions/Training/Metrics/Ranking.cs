namespace MLNetExtensions.Training.Metrics;

/// <summary>Areas under the curves of a score that ranks rows: one sort for both.</summary>
internal sealed class Ranking(int rows)
{
    // A score in an order that unsigned integers sort in, then a bit for positive: sorting plain numbers is faster than sorting pairs.
    private readonly ulong[] _keys = new ulong[rows];
    private int _count;

    public void Clear() => _count = 0;

    public void Add(float score, bool isPositive)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f); // -0 and 0 are the same score
        uint ordered = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        _keys[_count++] = ((ulong)ordered << 1) | (isPositive ? 1ul : 0);
    }

    /// <summary>The area under the ROC curve and the average precision, as scikit-learn defines them; NaN if undefined.</summary>
    public (double Auc, double AveragePrecision) Areas()
    {
        Span<ulong> keys = _keys.AsSpan(0, _count);
        keys.Sort();
        long positives = 0;
        foreach (ulong key in keys)
            positives += (long)(key & 1);
        long negatives = _count - positives;

        // From the highest score down, rows of equal score at once.
        double concordant = 0,
            precisionSum = 0;
        long positivesAbove = 0,
            rowsAbove = 0;
        for (int end = _count; end > 0; )
        {
            ulong score = keys[end - 1] >> 1;
            long tied = 0,
                tiedPositives = 0;
            for (; end > 0 && keys[end - 1] >> 1 == score; end--)
            {
                tied++;
                tiedPositives += (long)(keys[end - 1] & 1);
            }
            concordant += (tied - tiedPositives) * (positivesAbove + (0.5 * tiedPositives));
            positivesAbove += tiedPositives;
            rowsAbove += tied;
            precisionSum += tiedPositives * ((double)positivesAbove / rowsAbove);
        }
        return (
            positives == 0 || negatives == 0 ? double.NaN : concordant / positives / negatives,
            positives == 0 ? double.NaN : precisionSum / positives
        );
    }
}
