using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training;

/// <summary>The average of the weights that follows training. A runtime holds the average.</summary>
public abstract record WeightAveraging
{
    /// <summary>The fraction of the way from the average to the weights that the average goes after an update; 1 makes it the weights, 0 leaves it.</summary>
    /// <param name="updates">The number of updates so far, from 1.</param>
    public abstract double RateAt(long updates);

    /// <summary>Notes what is wrong with its settings.</summary>
    internal virtual void Check(SettingChecks checks)
    {
    }
}

/// <summary>
/// An exponential moving average of the weights. Early in a run it follows faster, as <c>min(decay, (1 + n) / (10 + n))</c> after n updates (TensorFlow's
/// ExponentialMovingAverage with <c>num_updates</c>).
/// </summary>
/// <param name="Decay">What remains of the average at each update: 0.999 averages over about 1,000 updates.</param>
public sealed record ExponentialMovingAverage(float Decay = 0.999f) : WeightAveraging
{
    /// <inheritdoc/>
    public override double RateAt(long updates) => 1 - Math.Min(Decay, (1.0 + updates) / (10 + updates));

    internal override void Check(SettingChecks checks) => checks.BelowOne(Decay);
}

/// <summary>
/// Stochastic weight averaging (arXiv 1803.05407): the plain mean of the weights at regular updates from some update on, often with a constant, higher
/// learning rate. Before that the average is the weights.
/// </summary>
/// <param name="Start">The number of updates after which the first weights are taken.</param>
/// <param name="Every">The number of updates from one to the next: those of an epoch in the paper.</param>
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
