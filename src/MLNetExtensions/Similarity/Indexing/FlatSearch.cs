namespace MLNetExtensions.Similarity.Indexing;

/// <summary>Compares a query with all vectors.</summary>
internal static class FlatSearch
{
    public static void Find(VectorStore vectors, ref float query, int count, NearestList found)
    {
        found.Reset(count);
        if (count == 0)
            return;
        for (int row = 0; row < vectors.Count; row++)
        {
            float compared = vectors.Compare(ref query, row);
            if (compared < found.Limit)
                found.Add(row, compared);
        }
    }
}
