using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// RMSprop (Tieleman and Hinton, lecture 6e, 2012), like torch.optim.RMSprop: the gradient over the root of its mean square. Weight decay
/// is added to the gradient (L2). PyTorch's learning rate is 0.01.
/// </summary>
public sealed record RmsProp : Optimizer
{
    /// <summary>The decay of the mean of squared gradients.</summary>
    /// <value>The default is 0.99.</value>
    public float Decay { get; init; } = 0.99f;

    /// <summary>The value added to the denominator.</summary>
    /// <value>The default is 1e-8.</value>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>The momentum: the fraction of the last update to keep.</summary>
    /// <value>The default is 0.</value>
    public float Momentum { get; init; }

    /// <summary>True to center the squared gradient on the mean gradient, which makes it the variance.</summary>
    /// <value>The default is false.</value>
    public bool Centered { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots =>
        ["square", .. Centered ? ["mean"] : Array.Empty<string>(), .. Momentum != 0 ? ["momentum"] : Array.Empty<string>()];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.BelowOne(Decay);
        checks.AtLeast(Epsilon, 0);
        checks.BelowOne(Momentum);
    }
}
