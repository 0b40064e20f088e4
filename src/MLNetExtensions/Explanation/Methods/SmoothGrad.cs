using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Pixels;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// SmoothGrad (arXiv 1706.03825): the mean of <see cref="Saliency"/>'s gradients at noisy copies of the image. The noise follows from the
/// MLContext's seed and the image's place among all.
/// </summary>
public sealed record SmoothGrad : ExplanationMethod
{
    /// <summary>The number of noisy copies, 1 to 10000.</summary>
    /// <value>The default is 50.</value>
    public int Samples { get; init; } = 50;

    /// <summary>The noise's standard deviation as a fraction of the range of the image's values, 0 to 1.</summary>
    /// <value>The default is 0.15.</value>
    public float NoiseLevel { get; init; } = 0.15f;

    /// <summary>True for the mean of the squared gradients.</summary>
    /// <value>The default is false.</value>
    public bool Squared { get; init; }

    internal override IAttribution Open(AttributionSetting setting) => new SmoothGradAttribution(setting, Samples, NoiseLevel, Squared);

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Samples, 1, 10_000);
        checks.InRange(NoiseLevel, 0, 1);
    }
}
