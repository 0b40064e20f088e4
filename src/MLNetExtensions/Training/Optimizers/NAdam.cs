using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// NAdam (Dozat, ICLR workshop 2016), like torch.optim.NAdam: Adam with Nesterov's momentum. Weight decay is added to the gradient (L2).
/// PyTorch's learning rate is 0.002.
/// </summary>
public sealed record NAdam : Optimizer
{
    /// <summary>The decay of the mean of gradients.</summary>
    /// <value>The default is 0.9.</value>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>The decay of the mean of squared gradients.</summary>
    /// <value>The default is 0.999.</value>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>The value added to the denominator.</summary>
    /// <value>The default is 1e-8.</value>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>The rate at which the momentum grows to <see cref="Beta1"/>.</summary>
    /// <value>The default is 0.004.</value>
    public float MomentumDecay { get; init; } = 4e-3f;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["mean", "square"];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.BelowOne(Beta1);
        checks.BelowOne(Beta2);
        checks.AtLeast(Epsilon, 0);
        checks.AtLeast(MomentumDecay, 0);
    }
}
