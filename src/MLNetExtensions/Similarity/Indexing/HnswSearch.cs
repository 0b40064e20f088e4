using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MLNetExtensions.Similarity.Indexing;

/// <summary>A search in a graph, with its memory: one at a time, again and again without allocating.</summary>
internal sealed unsafe class HnswSearch(VectorStore vectors, HnswGraph graph)
{
    private int[] _seen = [];
    private int _search;

    /// <summary>The rows found last, nearest first.</summary>
    public NearestList Found { get; } = new();

    /// <summary>Finds the rows nearest to a query.</summary>
    /// <param name="query">The query; of length 1 for cosine.</param>
    /// <param name="candidates">The number of candidates that are kept.</param>
    public void Find(ref float query, int candidates)
    {
        int entry = graph.Entry;
        Found.Reset(candidates);
        if (entry < 0)
            return;
        for (int level = graph.Levels[entry]; level > 0; level--)
            entry = Descend(ref query, entry, level);
        FindOn(ref query, entry, 0, candidates);
    }

    /// <summary>The row of a level that none of its neighbors is nearer to the query than.</summary>
    public int Descend(ref float query, int entry, int level)
    {
        float nearest = vectors.Compare(ref query, entry);
        for (bool isNearer = true; isNearer; )
        {
            isNearer = false;
            foreach (int row in graph.LinksOf(entry, level))
                if (vectors.Compare(ref query, row) is var compared && compared < nearest)
                    (nearest, entry, isNearer) = (compared, row, true);
        }
        return entry;
    }

    /// <summary>Finds the nearest rows on a level (algorithm 2 of the paper).</summary>
    public void FindOn(ref float query, int entry, int level, int candidates)
    {
        Found.Reset(candidates);
        if (_seen.Length == 0)
            _seen = new int[vectors.Count];
        if (++_search == int.MaxValue)
        {
            Array.Clear(_seen);
            _search = 1;
        }
        int search = _search;
        ref int seen = ref MemoryMarshal.GetArrayDataReference(_seen);
        Unsafe.Add(ref seen, entry) = search;
        Found.Add(entry, vectors.Compare(ref query, entry));
        fixed (float* values = vectors.Values)
        {
            for (int from = Found.TakeNext(); from >= 0; from = Found.TakeNext())
            {
                ReadOnlySpan<int> links = graph.LinksOf(from, level);
                // The memory of a vector takes longer to come than its distance to compute: all are asked for before the first is needed.
                if (Sse.IsSupported)
                    foreach (int row in links)
                        if (Unsafe.Add(ref seen, row) != search)
                            Sse.Prefetch0(values + ((nint)row * vectors.Dimension));
                foreach (int row in links)
                {
                    if (Unsafe.Add(ref seen, row) == search)
                        continue;
                    Unsafe.Add(ref seen, row) = search;
                    float compared = vectors.Compare(ref query, row);
                    if (compared <= Found.Limit)
                        Found.Add(row, compared);
                }
            }
        }
    }
}
