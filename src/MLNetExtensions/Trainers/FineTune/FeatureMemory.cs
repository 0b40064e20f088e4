using System.Runtime.CompilerServices;
using Microsoft.ML;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Features of earlier fits, kept in memory beside their MLContext. A row is found by its network and by a hash of the pixels that the
/// network read. Where there is no room, rows of other networks go, the oldest first; a set that is larger than the room keeps its first
/// rows. Thread-safe.
/// </summary>
internal sealed class FeatureMemory
{
    /// <summary>The memory of a row besides its features: the keys, and the entries that hold them.</summary>
    private const int RowOverhead = 160;

    private static readonly ConditionalWeakTable<MLContext, FeatureMemory> All = [];

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<RecordCache.Key, Dictionary<RecordCache.Key, float[]>> _networks = [];
    private long _bytes;

    /// <summary>The memory of a context; it goes with it.</summary>
    public static FeatureMemory Of(MLContext context) => All.GetOrCreateValue(context);

    /// <summary>The bytes in use.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>The number of features of a network; 0 if it has no rows here.</summary>
    public int SizeOf(in RecordCache.Key network)
    {
        lock (_lock)
            return _networks.TryGetValue(network, out Dictionary<RecordCache.Key, float[]>? rows) && rows.Count > 0
                ? rows.First().Value.Length
                : 0;
    }

    /// <summary>Reads a row.</summary>
    /// <returns>False if it is not here.</returns>
    public bool TryRead(in RecordCache.Key network, in RecordCache.Key row, Span<float> features)
    {
        lock (_lock)
        {
            if (
                !_networks.TryGetValue(network, out Dictionary<RecordCache.Key, float[]>? rows)
                || !rows.TryGetValue(row, out float[]? found)
            )
                return false;
            found.CopyTo(features);
            return true;
        }
    }

    /// <summary>Adds a row where there is room.</summary>
    /// <param name="network">The network.</param>
    /// <param name="row">The row.</param>
    /// <param name="features">Its features.</param>
    /// <param name="budget">The most bytes in use.</param>
    public void Add(in RecordCache.Key network, in RecordCache.Key row, ReadOnlySpan<float> features, long budget)
    {
        lock (_lock)
        {
            long bytes = BytesOf(features.Length);
            while (_bytes + bytes > budget && _networks.Count > 0 && !_networks.GetAt(0).Key.Equals(network))
            {
                Dictionary<RecordCache.Key, float[]> oldest = _networks.GetAt(0).Value;
                _bytes -= oldest.Values.Sum(f => BytesOf(f.Length));
                _networks.RemoveAt(0);
            }
            if (_bytes + bytes > budget)
                return;
            if (!_networks.TryGetValue(network, out Dictionary<RecordCache.Key, float[]>? rows))
                _networks.Add(network, rows = []);
            if (rows.TryAdd(row, features.ToArray()))
                _bytes += bytes;
        }
    }

    /// <summary>Notes that a network is in use: it is the last to go.</summary>
    public void Use(in RecordCache.Key network)
    {
        lock (_lock)
            if (_networks.Remove(network, out Dictionary<RecordCache.Key, float[]>? rows))
                _networks.Add(network, rows);
    }

    private static long BytesOf(int features) => (long)features * sizeof(float) + RowOverhead;
}
