using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training;

/// <summary>The average of the weights that follows training. A runtime holds the average.</summary>
public abstract record WeightAveraging
{
    /// <summary>Computes the weight of the current weights in the average after an update; 1 replaces the average, 0 keeps it.</summary>
    /// <param name="updates">The number of updates so far, from 1.</param>
    public abstract double RateAt(long updates);

    /// <summary>Records problems with its settings.</summary>
    internal virtual void Check(SettingChecks checks)
    {
    }
}

/// <summary>
/// An exponential moving average of the weights. Early in a run it follows faster, as <c>min(decay, (1 + n) / (10 + n))</c> after n updates (TensorFlow's
/// ExponentialMovingAverage with <c>num_updates</c>).
/// </summary>
/// <param name="Decay">The fraction of the average that each update keeps: 0.999 averages over about 1,000 updates.</param>
public sealed record ExponentialMovingAverage(float Decay = 0.999f) : WeightAveraging
{
    /// <inheritdoc/>
    public override double RateAt(long updates) => 1 - Math.Min(Decay, (1.0 + updates) / (10 + updates));

    internal override void Check(SettingChecks checks) => checks.BelowOne(Decay);
}

/// <summary>
/// Stochastic weight averaging (arXiv 1803.05407): the mean of the weights at regular updates after some update, often with a constant, higher
/// learning rate. Before that the average is the weights.
/// </summary>
/// <param name="Start">The number of updates after which the first weights are taken.</param>
/// <param name="Every">The number of updates between two averaged ones: those of an epoch in the paper.</param>
public sealed record StochasticWeightAveraging(long Start, long Every) : WeightAveraging
{
    /// <inheritdoc/>
    public override double RateAt(long updates) =>
        updates < Start ? 1 : (updates - Start) % Every == 0 ? 1.0 / ((updates - Start) / Every + 1) : 0;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(Start, 0);
        checks.AtLeast(Every, 1);
    }
}
