using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNetExtensions.Similarity.Indexing;

/// <summary>
/// Builds the graph. Vectors are inserted in small batches: those of a batch look for their neighbors in the graph as it is, side by side,
/// and then all are linked. So nothing is locked, and the graph is the same for any number of threads.
/// </summary>
internal sealed class HnswBuilder
{
    // A batch does not see itself; of so small a part of the graph this is not noticed.
    private const int BatchPart = 32,
        MostBatch = 2048;

    private readonly VectorStore _vectors;
    private readonly HnswGraph _graph;
    private readonly EmbeddingIndexOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly ConcurrentBag<HnswSearch> _searches = [];
    private readonly ConcurrentBag<LinkChoice> _choices = [];

    private HnswBuilder(VectorStore vectors, EmbeddingIndexOptions options)
    {
        (_vectors, _options, _graph) = (vectors, options, new HnswGraph(vectors.Count, options.Links));
        _parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Threads ?? Environment.ProcessorCount,
            CancellationToken = options.CancellationToken,
        };
    }

    public static HnswGraph Build(VectorStore vectors, EmbeddingIndexOptions options)
    {
        var builder = new HnswBuilder(vectors, options);
        builder.Run();
        return builder._graph;
    }

    private void Run()
    {
        var random = new Random(_options.Seed);
        double factor = 1 / Math.Log(_options.Links);
        for (int row = 0; row < _vectors.Count; row++)
        {
            // No level above is ever needed: 2^-24 is the least number that is drawn, and links are 2 at least.
            int level = (int)Math.Min(30, -Math.Log(1 - random.NextDouble()) * factor);
            _graph.Levels[row] = (byte)level;
            if (level > 0)
                _graph.UpperLinks[row] = new int[level * (_options.Links + 1)];
        }
        // Rows that lie together are often alike, and those of a batch must not be.
        int[] order = [.. Enumerable.Range(0, _vectors.Count)];
        random.Shuffle(order);
        if (order.Length == 0)
            return;
        _graph.Entry = order[0];
        for (int first = 1, count; first < order.Length; first += count)
        {
            count = Math.Min(Math.Clamp(first / BatchPart, 1, MostBatch), order.Length - first);
            Insert(order.AsMemory(first, count));
        }
    }

    private void Insert(ReadOnlyMemory<int> rows)
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        var chosen = new int[rows.Length][][];
        Each(rows.Length, i => chosen[i] = FindLinks(rows.Span[i]));
        // Vectors that are linked to, with those that they are to be linked to in turn.
        var asked = new Dictionary<(int Level, int Row), List<int>>();
        for (int i = 0; i < chosen.Length; i++)
        for (int level = 0; level < chosen[i].Length; level++)
        {
            int row = rows.Span[i];
            _graph.SetLinks(row, level, chosen[i][level]);
            foreach (int target in chosen[i][level])
                (CollectionsMarshal.GetValueRefOrAddDefault(asked, (level, target), out _) ??= []).Add(row);
        }
        KeyValuePair<(int Level, int Row), List<int>>[] targets = [.. asked];
        Each(targets.Length, i => LinkBack(targets[i].Key.Row, targets[i].Key.Level, targets[i].Value));
        foreach (int row in rows.Span)
            if (_graph.Levels[row] > _graph.Levels[_graph.Entry])
                _graph.Entry = row;
    }

    private void Each(int count, Action<int> work)
    {
        if (count == 1 || _parallel.MaxDegreeOfParallelism == 1)
            for (int i = 0; i < count; i++)
                work(i);
        else
            Parallel.For(0, count, _parallel, work);
    }

    /// <summary>The rows that a new vector is linked to, on each of its levels.</summary>
    private int[][] FindLinks(int row)
    {
        if (!_searches.TryTake(out HnswSearch? search))
            search = new HnswSearch(_vectors, _graph);
        if (!_choices.TryTake(out LinkChoice? choice))
            choice = new LinkChoice(_vectors);
        ref float query = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_vectors.Values), (nint)row * _vectors.Dimension);
        int entry = _graph.Entry,
            highest = _graph.Levels[entry];
        for (int level = highest; level > _graph.Levels[row]; level--)
            entry = search.Descend(ref query, entry, level);
        int[][] links = [.. Enumerable.Repeat(Array.Empty<int>(), _graph.Levels[row] + 1)];
        for (int level = Math.Min(highest, _graph.Levels[row]); level >= 0; level--)
        {
            search.FindOn(ref query, entry, level, _options.BuildCandidates);
            entry = search.Found.Rows[0];
            links[level] = choice.Of(search.Found.Rows, search.Found.Compared, _options.Links).ToArray();
        }
        _searches.Add(search);
        _choices.Add(choice);
        return links;
    }

    /// <summary>Links a vector to new ones; of too many it keeps some.</summary>
    private void LinkBack(int row, int level, List<int> added)
    {
        ReadOnlySpan<int> old = _graph.LinksOf(row, level);
        int most = _graph.MostLinks(level);
        int[] all = [.. old, .. added];
        if (all.Length > most)
        {
            if (!_choices.TryTake(out LinkChoice? choice))
                choice = new LinkChoice(_vectors);
            float[] compared = [.. all.Select(other => _vectors.Compare(row, other))];
            Array.Sort(compared, all);
            all = choice.Of(all, compared, most).ToArray();
            _choices.Add(choice);
        }
        _graph.SetLinks(row, level, all);
    }
}
