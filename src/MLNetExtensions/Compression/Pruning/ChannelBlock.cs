namespace MLNetExtensions.Compression.Pruning;

/// <summary>Channels of one kind, the least important first, that go some at a time.</summary>
internal sealed class ChannelBlock
{
    private readonly (int Root, double Importance)[] _channels;
    private readonly int _least;
    private int _taken;

    /// <param name="channels">The channels and their importance.</param>
    /// <param name="minimumFraction">The share of them that stays.</param>
    public ChannelBlock((int Root, double Importance)[] channels, double minimumFraction)
    {
        _channels = [.. channels.OrderBy(c => c.Importance).ThenBy(c => c.Root)];
        _least = Math.Max(1, (int)Math.Ceiling(minimumFraction * channels.Length));
    }

    /// <summary>True if more channels may be removed.</summary>
    /// <param name="multiple">The number that the remaining channels must be a multiple of.</param>
    public bool CanShrink(int multiple) => _channels.Length - _taken - Count(multiple) >= _least;

    /// <summary>The channels to remove next: a number that makes the rest a multiple again.</summary>
    /// <param name="multiple">The number that the remaining channels must be a multiple of.</param>
    public IEnumerable<int> Next(int multiple) => _channels.Skip(_taken).Take(Count(multiple)).Select(c => c.Root);

    /// <summary>Their importance: what the layers that make them lose of theirs.</summary>
    /// <param name="multiple">The number that the remaining channels must be a multiple of.</param>
    public double NextImportance(int multiple) => _channels.Skip(_taken).Take(Count(multiple)).Sum(c => c.Importance);

    public IReadOnlyList<int> Take(int multiple)
    {
        int[] next = [.. Next(multiple)];
        _taken += next.Length;
        return next;
    }

    private int Count(int multiple)
    {
        // Narrower layers lose half of their channels at a time.
        int step = Math.Min(multiple, Math.Max(1, _channels.Length / 2));
        return (_channels.Length - _taken) % step is var rest and > 0 ? rest : step;
    }
}
