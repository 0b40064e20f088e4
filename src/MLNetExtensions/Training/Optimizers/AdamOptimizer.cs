using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>The base of <see cref="Adam"/> and <see cref="AdamW"/>, which differ in what weight decay does.</summary>
public abstract record AdamOptimizer : Optimizer
{
    private protected AdamOptimizer() { }

    /// <summary>The decay of the mean of gradients.</summary>
    /// <value>The default is 0.9.</value>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>The decay of the mean of squared gradients.</summary>
    /// <value>The default is 0.999.</value>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>The value added to the denominator.</summary>
    /// <value>The default is 1e-8.</value>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>True to use the largest second moment so far (AMSGrad).</summary>
    /// <value>The default is false.</value>
    public bool AmsGrad { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => AmsGrad ? ["mean", "square", "largest_square"] : ["mean", "square"];

    /// <summary>True if weight decay shrinks the parameters themselves; false if it is added to the gradient.</summary>
    internal abstract bool IsDecoupled { get; }

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.BelowOne(Beta1);
        checks.BelowOne(Beta2);
        checks.AtLeast(Epsilon, 0);
    }
}
