using MLNetExtensions.Imaging;

namespace MLNetExtensions.Search;

/// <summary>
/// Successive halving: all trials train for a few epochs, and only the best go on, from where they were, to <see cref="Factor"/> times as
/// many, and so on. Results are compared at the same number of epochs, the rungs.
/// </summary>
public sealed record Halving
{
    /// <summary>The rule by which trials go on.</summary>
    /// <value>The default is <see cref="HalvingRule.PromoteAndFinish"/>.</value>
    public HalvingRule Rule { get; init; }

    /// <summary>The number of times the epochs grow from rung to rung, and the number of trials of which one goes on.</summary>
    /// <value>The default is 3.</value>
    public int Factor { get; init; } = 3;

    /// <summary>The number of epochs of the last rung.</summary>
    /// <value>The default is null: those of the options that the space gives.</value>
    public int? MaxEpochs { get; init; }

    /// <summary>
    /// The lowest number of epochs of the first rung. After a single epoch high learning rates look better than they are.
    /// </summary>
    /// <value>The default is null: <see cref="Factor"/>.</value>
    public int? MinEpochs { get; init; }

    /// <summary>The rungs in epochs, the last of them <paramref name="maxEpochs"/>.</summary>
    internal int[] Rungs(int maxEpochs)
    {
        int least = Math.Min(MinEpochs ?? Factor, maxEpochs);
        var rungs = new Stack<int>([maxEpochs]);
        for (double epochs = (double)maxEpochs / Factor; Math.Round(epochs) >= least && Math.Round(epochs) < rungs.Peek(); epochs /= Factor)
            rungs.Push((int)Math.Round(epochs));
        return [.. rungs];
    }

    internal void Check(SettingChecks checks)
    {
        checks.AtLeast(Factor, 2);
        checks.AtLeast(MaxEpochs, 1);
        checks.AtLeast(MinEpochs, 1);
        checks.InRange((int)Rule, 0, (int)HalvingRule.Synchronous, nameof(Rule));
        if (MaxEpochs is { } max && MinEpochs is { } min)
            checks.InRange(min, 1, max, nameof(MinEpochs));
    }
}
