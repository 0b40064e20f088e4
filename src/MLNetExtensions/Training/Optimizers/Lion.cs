using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// Lion (arXiv 2302.06675): the sign of a mean of gradients; weight decay is decoupled. Its learning rate is 3 to 10 times smaller than
/// AdamW's, its weight decay that much larger.
/// </summary>
public sealed record Lion : Optimizer
{
    /// <summary>The weight of the mean in the update.</summary>
    /// <value>The default is 0.9.</value>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>The decay of the mean of gradients.</summary>
    /// <value>The default is 0.99.</value>
    public float Beta2 { get; init; } = 0.99f;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["mean"];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.BelowOne(Beta1);
        checks.BelowOne(Beta2);
    }
}
