namespace MLNetExtensions.Similarity.Indexing;

/// <summary>
/// The links of an HNSW index: for each vector and level a count and then the rows that it is linked to. All vectors are on level 0, whose
/// lists are twice as long, and ever fewer on each above.
/// </summary>
internal sealed class HnswGraph
{
    public HnswGraph(int count, int links)
    {
        (Links, Lowest) = (links, 2 * links);
        Levels = new byte[count];
        LowestLinks = new int[checked(count * (Lowest + 1))];
        UpperLinks = new int[]?[count];
    }

    /// <summary>A graph of no vectors.</summary>
    public static HnswGraph Empty { get; } = new(0, 2);

    /// <summary>The links of a vector on an upper level (M).</summary>
    public int Links { get; }

    /// <summary>The links of a vector on level 0.</summary>
    public int Lowest { get; }

    /// <summary>The highest level of each vector.</summary>
    public byte[] Levels { get; }

    /// <summary>The lists of level 0.</summary>
    public int[] LowestLinks { get; }

    /// <summary>For each vector that is on upper levels their lists, level 1 first.</summary>
    public int[]?[] UpperLinks { get; }

    /// <summary>The vector that searches start from, on the highest level; -1 of an empty graph.</summary>
    public int Entry { get; set; } = -1;

    /// <summary>The most links of a list.</summary>
    public int MostLinks(int level) => level == 0 ? Lowest : Links;

    /// <summary>The rows that a vector is linked to.</summary>
    public ReadOnlySpan<int> LinksOf(int row, int level)
    {
        Span<int> list = List(row, level);
        return list.Slice(1, list[0]);
    }

    /// <summary>Links a vector to rows, and to no others.</summary>
    public void SetLinks(int row, int level, ReadOnlySpan<int> rows)
    {
        Span<int> list = List(row, level);
        list[0] = rows.Length;
        rows.CopyTo(list[1..]);
    }

    private Span<int> List(int row, int level) =>
        level == 0 ? LowestLinks.AsSpan(row * (Lowest + 1), Lowest + 1) : UpperLinks[row].AsSpan((level - 1) * (Links + 1), Links + 1);
}
