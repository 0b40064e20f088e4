namespace MLNetExtensions.Search;

/// <summary>A trial of a sweep.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
public sealed class SweepTrial<TOptions>
    where TOptions : class
{
    internal SweepTrial() { }

    /// <summary>The number, from 0, in the order in which trials began.</summary>
    public required int Number { get; init; }

    /// <summary>The options: the defaults of the space with this trial's hyper-parameters. Train with them to get the trial's model again.</summary>
    public required TOptions Options { get; init; }

    /// <summary>The hyper-parameters by name.</summary>
    public required IReadOnlyDictionary<string, object?> Values { get; init; }

    /// <summary>The state in which the sweep left it.</summary>
    public required SweepTrialState State { get; init; }

    /// <summary>The results, in the order of the rungs; empty if it reached none.</summary>
    public required IReadOnlyList<RungValue> Results { get; init; }

    /// <summary>The best of <see cref="Results"/>; null if there is none.</summary>
    public required RungValue? Best { get; init; }

    /// <summary>The metric of <see cref="Best"/>; null if there is none.</summary>
    public double? Value => Best?.Value;

    /// <summary>The time that it took in all.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The cause if it failed; else null.</summary>
    public required string? Error { get; init; }
}
