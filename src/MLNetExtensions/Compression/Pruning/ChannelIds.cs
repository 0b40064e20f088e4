using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Pruning;

/// <summary>
/// Channels of a network by number. Numbers that an Add or the like puts together stand for channels that can only go together; a channel
/// that something depends on which cannot do without it is fixed.
/// </summary>
internal sealed class ChannelIds
{
    private readonly List<int> _parents = [];
    private readonly List<bool> _fixed = [];

    /// <summary>A hundred times those of a large network.</summary>
    public const int MaxChannels = 10_000_000;

    /// <summary>Makes new channels.</summary>
    /// <exception cref="OnnxFormatException">There would be far more than a network has.</exception>
    public int[] New(long count)
    {
        int first = _parents.Count;
        if (count > MaxChannels - first)
            throw new OnnxFormatException(
                $"A layer of {count} channels: the network has over {MaxChannels} of them, and cannot be pruned."
            );
        for (int i = 0; i < count; i++)
        {
            _parents.Add(first + i);
            _fixed.Add(false);
        }
        return [.. Enumerable.Range(first, (int)count)];
    }

    /// <summary>The number that stands for all channels coupled with one.</summary>
    public int Root(int id)
    {
        while (_parents[id] != id)
            id = _parents[id] = _parents[_parents[id]];
        return id;
    }

    /// <summary>Couples channels, place by place.</summary>
    public void Unite(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        for (int i = 0; i < one.Length; i++)
        {
            (int a, int b) = (Root(one[i]), Root(other[i]));
            if (a == b)
                continue;
            _parents[b] = a;
            _fixed[a] |= _fixed[b];
        }
    }

    /// <summary>Makes channels stay.</summary>
    public void Fix(IEnumerable<int> ids)
    {
        foreach (int id in ids)
            _fixed[Root(id)] = true;
    }

    public bool IsFixed(int id) => _fixed[Root(id)];
}
