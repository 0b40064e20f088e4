using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// RAdam (arXiv 1908.03265), like torch.optim.RAdam: Adam that uses the second moment only after enough gradients, which makes a warm-up
/// unnecessary. Weight decay is added to the gradient (L2). PyTorch's learning rate is 0.001.
/// </summary>
public sealed record RAdam : Optimizer
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
