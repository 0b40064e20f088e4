using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training;

/// <summary>
/// An exponential moving average of the weights. Early in a run it follows faster, as <c>min(decay, (1 + n) / (10 + n))</c> after n updates
/// (TensorFlow's ExponentialMovingAverage with <c>num_updates</c>).
/// </summary>
/// <param name="Decay">The fraction of the average that each update keeps: 0.999 averages over about 1,000 updates.</param>
public sealed record ExponentialMovingAverage(float Decay = 0.999f) : WeightAveraging
{
    /// <inheritdoc/>
    public override double RateAt(long updates) => 1 - Math.Min(Decay, (1.0 + updates) / (10 + updates));

    internal override void Check(SettingChecks checks) => checks.BelowOne(Decay);
}
