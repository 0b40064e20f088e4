using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Optimizers;

/// <summary>An update rule and its settings; a runtime holds the state. The learning rate belongs to the schedule.</summary>
public abstract record Optimizer
{
    /// <summary>The strength of weight decay.</summary>
    /// <value>The default is 0.</value>
    public float WeightDecay { get; init; }

    /// <summary>The names of what the rule remembers for each parameter, each of the parameter's shape and zero at first.</summary>
    public abstract IReadOnlyList<string> Slots { get; }

    /// <summary>Notes what is wrong with its settings.</summary>
    internal virtual void Check(SettingChecks checks) => checks.AtLeast(WeightDecay, 0);
}
