namespace MLNetExtensions.Similarity.Indexing;

/// <summary>
/// Chooses links among candidates (algorithm 4 of the paper): one is left out if it is nearer to a chosen one than to the vector itself,
/// so that links lead into all directions.
/// </summary>
internal sealed class LinkChoice(VectorStore vectors)
{
    private int[] _chosen = new int[64];

    /// <summary>The chosen rows; valid until the next choice.</summary>
    /// <param name="rows">The candidates, the nearest first.</param>
    /// <param name="compared">How far they are.</param>
    /// <param name="most">The most that are chosen.</param>
    public ReadOnlySpan<int> Of(ReadOnlySpan<int> rows, ReadOnlySpan<float> compared, int most)
    {
        if (_chosen.Length < most)
            _chosen = new int[most];
        int count = 0;
        for (int i = 0; i < rows.Length && count < most; i++)
        {
            bool isApart = true;
            for (int j = 0; j < count && isApart; j++)
                isApart = vectors.Compare(rows[i], _chosen[j]) >= compared[i];
            if (isApart)
                _chosen[count++] = rows[i];
        }
        return _chosen.AsSpan(0, count);
    }
}
