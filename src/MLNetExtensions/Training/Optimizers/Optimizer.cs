using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>An optimizer's settings; a runtime holds its state. The learning rate belongs to the schedule.</summary>
/// <remarks>It cannot be derived from outside of this library: each runtime has its own computation of each update rule.</remarks>
public abstract record Optimizer
{
    private protected Optimizer() { }

    /// <summary>The strength of weight decay.</summary>
    /// <value>The default is 0.</value>
    public float WeightDecay { get; init; }

    /// <summary>The names of the optimizer's state tensors for each parameter, each of the parameter's shape and zero at first.</summary>
    public abstract IReadOnlyList<string> Slots { get; }

    /// <summary>Records problems with its settings.</summary>
    internal virtual void Check(SettingChecks checks) => checks.AtLeast(WeightDecay, 0);
}
