using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// Adagrad (Duchi, Hazan and Singer, JMLR 2011), like torch.optim.Adagrad: the gradient over the root of the sum of all its squares. Weight
/// decay is added to the gradient (L2). PyTorch's learning rate is 0.01.
/// </summary>
public sealed record Adagrad : Optimizer
{
    /// <summary>The value added to the denominator.</summary>
    /// <value>The default is 1e-10.</value>
    public float Epsilon { get; init; } = 1e-10f;

    /// <summary>The decay of the learning rate: at step t it is divided by <c>1 + (t - 1) * RateDecay</c>.</summary>
    /// <value>The default is 0.</value>
    public float RateDecay { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["square"];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(Epsilon, 0);
        checks.AtLeast(RateDecay, 0);
    }
}
