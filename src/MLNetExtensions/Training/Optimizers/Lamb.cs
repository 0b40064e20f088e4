using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// LAMB (arXiv 1904.00962v5, algorithm 2), for large batches: Adam's bias-corrected update plus decoupled weight decay, scaled for each
/// parameter to its norm.
/// </summary>
public sealed record Lamb : Optimizer
{
    /// <summary>The decay of the mean of gradients.</summary>
    /// <value>The default is 0.9.</value>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>The decay of the mean of squared gradients.</summary>
    /// <value>The default is 0.999.</value>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>The value added to the denominator.</summary>
    /// <value>The default is 1e-6.</value>
    public float Epsilon { get; init; } = 1e-6f;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["mean", "square"];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.BelowOne(Beta1);
        checks.BelowOne(Beta2);
        checks.AtLeast(Epsilon, 0);
    }
}
