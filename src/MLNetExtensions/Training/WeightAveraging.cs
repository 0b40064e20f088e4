using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training;

/// <summary>The average of the weights that follows training. A runtime holds the average.</summary>
public abstract record WeightAveraging
{
    /// <summary>Computes the weight of the current weights in the average after an update; 1 replaces the average, 0 keeps it.</summary>
    /// <param name="updates">The number of updates so far, from 1.</param>
    public abstract double RateAt(long updates);

    /// <summary>Records problems with its settings.</summary>
    internal virtual void Check(SettingChecks checks) { }
}
