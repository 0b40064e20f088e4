using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MLNetExtensions.Similarity.Indexing;

namespace MLNetExtensions.Similarity;

/// <summary>
/// Finds the vectors nearest to a query: the images most like one, by their features. Thread-safe: any number of threads search at the same
/// time. It does not change once it is built.
/// </summary>
public sealed class EmbeddingIndex
{
    private readonly VectorStore _vectors;
    private readonly HnswGraph? _graph;
    private readonly IReadOnlyList<string>? _ids,
        _labels;
    private readonly ConcurrentBag<HnswSearch> _searches = [];

    internal EmbeddingIndex(
        VectorStore vectors,
        HnswGraph? graph,
        int searchCandidates,
        IReadOnlyList<string>? ids,
        IReadOnlyList<string>? labels
    ) => (_vectors, _graph, SearchCandidates, _ids, _labels) = (vectors, graph, searchCandidates, ids, labels);

    /// <summary>The number of vectors.</summary>
    public int Count => _vectors.Count;

    /// <summary>The number of values of a vector.</summary>
    public int Dimension => _vectors.Dimension;

    /// <summary>How far apart two vectors are.</summary>
    public IndexMetric Metric => _vectors.Metric;

    /// <summary>How the index searches.</summary>
    public IndexKind Kind => _graph is null ? IndexKind.Flat : IndexKind.Hnsw;

    /// <summary>The candidates that a search keeps where it does not say another number.</summary>
    public int SearchCandidates { get; }

    /// <summary>The ids of the vectors; null if there are none.</summary>
    public IReadOnlyList<string>? Ids => _ids;

    /// <summary>The labels of the vectors; null if there are none.</summary>
    public IReadOnlyList<string>? Labels => _labels;

    internal VectorStore Vectors => _vectors;

    internal HnswGraph? Graph => _graph;

    /// <summary>Builds an index of vectors in memory, which are copied.</summary>
    /// <param name="vectors">[count, dimension], vector after vector.</param>
    /// <param name="dimension">The number of values of a vector.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="ids">An id for each vector; null for none.</param>
    /// <param name="labels">A label for each vector; null for none.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite; the message names the vector.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range; the message lists all of them.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static EmbeddingIndex Build(
        ReadOnlySpan<float> vectors,
        int dimension,
        EmbeddingIndexOptions? options = null,
        IReadOnlyList<string>? ids = null,
        IReadOnlyList<string>? labels = null
    ) => BuildOwn(vectors.ToArray(), dimension, options, ids, labels);

    /// <summary>Builds an index of vectors that are taken over.</summary>
    internal static EmbeddingIndex BuildOwn(
        float[] vectors,
        int dimension,
        EmbeddingIndexOptions? options,
        IReadOnlyList<string>? ids,
        IReadOnlyList<string>? labels
    )
    {
        options = options?.Clone() ?? new EmbeddingIndexOptions();
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (vectors.Length == 0 || vectors.Length % dimension != 0)
            throw new ArgumentException($"{vectors.Length} values are no vectors of {dimension}.", nameof(vectors));
        int count = vectors.Length / dimension;
        CheckCount(ids, count, nameof(ids));
        CheckCount(labels, count, nameof(labels));
        for (int i = 0; i < vectors.Length; i++)
            if (!float.IsFinite(vectors[i]))
                throw new ArgumentException(
                    $"Value {i % dimension} of vector {i / dimension} is {vectors[i]}; expected a finite number.",
                    nameof(vectors)
                );
        if (options.Metric == IndexMetric.Cosine)
            VectorStore.Normalize(vectors, dimension);
        var store = new VectorStore(vectors, dimension, options.Metric);
        return new EmbeddingIndex(
            store,
            options.Kind == IndexKind.Hnsw ? HnswBuilder.Build(store, options) : null,
            options.SearchCandidates,
            ids is null ? null : [.. ids],
            labels is null ? null : [.. labels]
        );

        static void CheckCount(IReadOnlyList<string>? names, int count, string parameter)
        {
            if (names is not null && names.Count != count)
                throw new ArgumentException($"There are {names.Count} {parameter} for {count} vectors.", parameter);
        }
    }

    /// <summary>Reads an index from a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no index, was cut short or changed, or is of a later version; the message says which.</exception>
    public static EmbeddingIndex Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return IndexReader.Read(path);
    }

    /// <summary>Writes the index to one file: whole, or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">It cannot be written; what was there is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        IndexWriter.Write(this, path);
    }

    /// <summary>A vector, as it is kept: of length 1 for cosine.</summary>
    /// <param name="row">Its number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such vector.</exception>
    public ReadOnlySpan<float> VectorOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return _vectors[row];
    }

    /// <summary>Finds the vectors nearest to a query, the nearest first; of equal ones the one with the lower number.</summary>
    /// <param name="query">The query, [dimension]; of any length for cosine.</param>
    /// <param name="count">The number of results; there are fewer if the index is smaller.</param>
    /// <param name="candidates">The candidates that are kept (ef); null for <see cref="SearchCandidates"/>. A flat index does not need them.</param>
    /// <exception cref="ArgumentException">The query has another length, or a value that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public IReadOnlyList<SimilarItem> Search(ReadOnlySpan<float> query, int count, int? candidates = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        count = Math.Min(count, Count);
        int[] rows = new int[count];
        float[] distances = new float[count];
        int found = Search(query, rows, distances, candidates);
        var items = new SimilarItem[found];
        for (int i = 0; i < found; i++)
            items[i] = new SimilarItem(rows[i], _ids?[rows[i]], _labels?[rows[i]], distances[i]);
        return items;
    }

    /// <summary>The same without allocating: fills rows and distances, the nearest first.</summary>
    /// <param name="query">The query, [dimension].</param>
    /// <param name="rows">Receives the numbers of the vectors; its length is the number of results.</param>
    /// <param name="distances">Receives the distances; as long as <paramref name="rows"/>.</param>
    /// <param name="candidates">The candidates that are kept (ef); null for <see cref="SearchCandidates"/>.</param>
    /// <returns>The number of results.</returns>
    /// <exception cref="ArgumentException">The query has another length, or a value that is not finite, or lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="candidates"/> is below 1.</exception>
    public int Search(ReadOnlySpan<float> query, Span<int> rows, Span<float> distances, int? candidates = null)
    {
        if (rows.Length != distances.Length)
            throw new ArgumentException($"There is room for {rows.Length} rows and {distances.Length} distances.", nameof(distances));
        if (candidates is { } kept)
            ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1, nameof(candidates));
        CheckQuery(query);
        if (!_searches.TryTake(out HnswSearch? search))
            search = new HnswSearch(_vectors, _graph ?? HnswGraph.Empty);
        float[] own = System.Buffers.ArrayPool<float>.Shared.Rent(Dimension);
        try
        {
            query.CopyTo(own);
            if (Metric == IndexMetric.Cosine)
                VectorStore.Normalize(own.AsSpan(0, Dimension), Dimension);
            ref float first = ref MemoryMarshal.GetArrayDataReference(own);
            if (_graph is null)
                FlatSearch.Find(_vectors, ref first, Math.Min(rows.Length, Count), search.Found);
            else
                search.Find(ref first, Math.Min(Count, Math.Max(candidates ?? SearchCandidates, rows.Length)));
            int found = Math.Min(rows.Length, search.Found.Count);
            for (int i = 0; i < found; i++)
                (rows[i], distances[i]) = (search.Found.Rows[i], _vectors.ToDistance(search.Found.Compared[i]));
            return found;
        }
        finally
        {
            System.Buffers.ArrayPool<float>.Shared.Return(own);
            _searches.Add(search);
        }
    }

    private void CheckQuery(ReadOnlySpan<float> query)
    {
        if (query.Length != Dimension)
            throw new ArgumentException(
                $"The query has {query.Length} values, the index is of vectors of {Dimension}. Make both with the same backbone.",
                nameof(query)
            );
        foreach (float value in query)
            if (!float.IsFinite(value))
                throw new ArgumentException($"The query has the value {value}; expected finite numbers.", nameof(query));
    }
}
