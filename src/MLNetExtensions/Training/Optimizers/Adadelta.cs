using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>
/// Adadelta (arXiv 1212.5701), like torch.optim.Adadelta: steps sized by past updates and gradients. Weight decay is added to the gradient
/// (L2). PyTorch's learning rate is 1.
/// </summary>
public sealed record Adadelta : Optimizer
{
    /// <summary>The decay of both means of squares.</summary>
    /// <value>The default is 0.9.</value>
    public float Decay { get; init; } = 0.9f;

    /// <summary>The value added under both roots.</summary>
    /// <value>The default is 1e-6.</value>
    public float Epsilon { get; init; } = 1e-6f;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["square", "square_update"];

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.BelowOne(Decay);
        checks.AtLeast(Epsilon, 0);
    }
}
