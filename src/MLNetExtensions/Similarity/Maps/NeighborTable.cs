namespace MLNetExtensions.Similarity.Maps;

/// <summary>The nearest other rows of each row, the nearest first, by Euclidean distance.</summary>
/// <param name="Count">The number of neighbors of a row.</param>
/// <param name="Rows">[rows, count].</param>
/// <param name="Distances">[rows, count].</param>
internal sealed record NeighborTable(int Count, int[] Rows, float[] Distances)
{
    // So many rows are compared with each other; of more, an index finds the neighbors.
    private const int MostExact = 4096;

    public static NeighborTable Of(float[] values, int length, int count, CancellationToken cancellation)
    {
        int rows = values.Length / length;
        EmbeddingIndex index = EmbeddingIndex.BuildOwn(
            values,
            length,
            new EmbeddingIndexOptions
            {
                Kind = rows <= MostExact ? IndexKind.Flat : IndexKind.Hnsw,
                Metric = IndexMetric.L2,
                CancellationToken = cancellation,
            },
            ids: null,
            labels: null
        );
        var table = new NeighborTable(count, new int[rows * count], new float[rows * count]);
        Parallel.For(
            0,
            rows,
            new ParallelOptions { CancellationToken = cancellation },
            row =>
            {
                // The row itself is among the found ones; where many are the same, it may not be.
                int[] found = new int[count + 1];
                float[] distances = new float[count + 1];
                int there = index.Search(values.AsSpan(row * length, length), found, distances, 2 * (count + 1));
                int place = 0;
                for (int i = 0; i < there && place < count; i++)
                    if (found[i] != row)
                        (table.Rows[(row * count) + place], table.Distances[(row * count) + place++]) = (found[i], distances[i]);
                // An index may miss some: the last is taken again.
                for (; place < count; place++)
                    (table.Rows[(row * count) + place], table.Distances[(row * count) + place]) =
                        place > 0
                            ? (table.Rows[(row * count) + place - 1], table.Distances[(row * count) + place - 1])
                            : (row == 0 ? 1 : 0, 0);
            }
        );
        return table;
    }
}
