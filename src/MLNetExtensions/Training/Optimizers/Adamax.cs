using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// Adamax (arXiv 1412.6980, section 7), like torch.optim.Adamax: Adam with the decayed maximum of gradients in place of their mean square.
/// Weight decay is added to the gradient (L2). PyTorch's learning rate is 0.002.
/// </summary>
public sealed record Adamax : Optimizer
{
    /// <summary>The decay of the mean of gradients.</summary>
    /// <value>The default is 0.9.</value>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>The decay of the maximum.</summary>
    /// <value>The default is 0.999.</value>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>The value added to the magnitude of each gradient.</summary>
    /// <value>The default is 1e-8.</value>
    public float Epsilon { get; init; } = 1e-8f;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["mean", "maximum"];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.BelowOne(Beta1);
        checks.BelowOne(Beta2);
        checks.AtLeast(Epsilon, 0);
    }
}
