using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// Lookahead (arXiv 1907.08610) around any optimizer: slow weights move toward the fast ones every few steps, and the fast ones restart
/// from there.
/// </summary>
/// <param name="Inner">The optimizer of the fast weights; its <see cref="Optimizer.WeightDecay"/> is used, not this record's.</param>
/// <param name="SyncPeriod">The number of fast steps for each slow one: k of the paper.</param>
/// <param name="Alpha">The step of the slow weights, as a fraction of the distance to the fast ones.</param>
public sealed record Lookahead(Optimizer Inner, int SyncPeriod = 5, float Alpha = 0.5f) : Optimizer
{
    /// <summary>The inner optimizer's slots, and the slow weights: the parameters themselves from the first step on.</summary>
    public override IReadOnlyList<string> Slots => [.. Inner.Slots, "slow"];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.Required(Inner);
        Inner?.Check(checks.Inside(Inner, nameof(Inner)));
        checks.AtLeast(SyncPeriod, 1);
        checks.InRange(Alpha, 0, 1);
    }
}
