using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum, like torch.optim.SGD: weight decay is added to the gradient.</summary>
public sealed record Sgd : Optimizer
{
    /// <summary>The momentum: the fraction of the last update to keep.</summary>
    /// <value>The default is 0.</value>
    public float Momentum { get; init; }

    /// <summary>The dampening: the fraction of the gradient that is not added to the momentum.</summary>
    /// <value>The default is 0.</value>
    public float Dampening { get; init; }

    /// <summary>True to use Nesterov momentum.</summary>
    /// <value>The default is false.</value>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => Momentum != 0 ? ["momentum"] : [];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.BelowOne(Momentum);
        checks.InRange(Dampening, 0, 1);
    }
}
