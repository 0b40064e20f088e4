using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training;

/// <summary>
/// Stochastic weight averaging (arXiv 1803.05407): the mean of the weights at regular updates after some update, often with a constant,
/// higher learning rate. Before that the average is the weights.
/// </summary>
/// <param name="Start">The number of updates after which the first weights are taken.</param>
/// <param name="Every">The number of updates between two averaged ones: those of an epoch in the paper.</param>
public sealed record StochasticWeightAveraging(long Start, long Every) : WeightAveraging
{
    /// <inheritdoc/>
    public override double RateAt(long updates) =>
        updates < Start ? 1
        : (updates - Start) % Every == 0 ? 1.0 / ((updates - Start) / Every + 1)
        : 0;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(Start, 0);
        checks.AtLeast(Every, 1);
    }
}
