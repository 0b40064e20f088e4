namespace MLNetExtensions.Compression.Pruning;

/// <summary>Channels of one kind, the least important first, that go some at a time.</summary>
internal sealed class ChannelBlock
{
    private readonly (int Root, double Importance)[] _channels;
    private readonly int _step;
    private readonly int _least;
    private int _taken;

    /// <param name="channels">The channels and their importance.</param>
    /// <param name="multiple">What remains is to be a multiple of.</param>
    /// <param name="minimumShare">The share of them that stays.</param>
    public ChannelBlock((int Root, double Importance)[] channels, int multiple, double minimumShare)
    {
        _channels = [.. channels.OrderBy(c => c.Importance).ThenBy(c => c.Root)];
        // Of narrower layers half goes at a time.
        _step = Math.Min(multiple, Math.Max(1, channels.Length / 2));
        _least = Math.Max(1, (int)Math.Ceiling(minimumShare * channels.Length));
    }

    /// <summary>Whether more may go.</summary>
    public bool CanShrink => _channels.Length - _taken - Count >= _least;

    /// <summary>The channels that go next: so many that the rest is a multiple again.</summary>
    public IEnumerable<int> Next => _channels.Skip(_taken).Take(Count).Select(c => c.Root);

    /// <summary>Their importance: what the layers that make them lose of theirs.</summary>
    public double NextImportance => _channels.Skip(_taken).Take(Count).Sum(c => c.Importance);

    private int Count => (_channels.Length - _taken) % _step is var rest and > 0 ? rest : _step;

    public IReadOnlyList<int> Take()
    {
        int[] next = [.. Next];
        _taken += next.Length;
        return next;
    }
}
