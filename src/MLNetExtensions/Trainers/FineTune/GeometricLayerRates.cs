using MLNetExtensions.Imaging;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Discriminative learning rates: the multipliers rise by equal factors from the first group of layers to the head (fastai's
/// <c>slice(lr / 100, lr)</c>; arXiv 1801.06146).
/// </summary>
/// <param name="First">The multiplier of the first group, 1e-6 to 1.</param>
public sealed record GeometricLayerRates(float First = 0.01f) : LayerRates
{
    internal override IReadOnlyList<float> Of(int groups) =>
        [.. Enumerable.Range(0, groups).Select(i => (float)Math.Pow(First, 1 - (double)i / groups))];

    internal override void Check(SettingChecks checks) => checks.InRange(First, 1e-6f, 1);
}
