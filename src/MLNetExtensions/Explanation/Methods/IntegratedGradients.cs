using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Pixels;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// Integrated gradients (arXiv 1703.01365): gradients on the straight way from a baseline image to the image, times the difference of both.
/// The values of all pixels sum to the difference of the logit between the two; the error of that sum is mostly below 1 % of it. The
/// integral is taken by Gauss-Legendre quadrature.
/// </summary>
public sealed record IntegratedGradients : ExplanationMethod
{
    /// <summary>The number of points on the way, 1 to 1000.</summary>
    /// <value>The default is 50.</value>
    public int Steps { get; init; } = 50;

    /// <summary>The value of all pixels of the baseline image, before the network's normalization, 0 to 255.</summary>
    /// <value>The default is 0: black.</value>
    public float Baseline { get; init; }

    internal override IAttribution Open(AttributionSetting setting) => new IntegratedGradientsAttribution(setting, Steps, Baseline);

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Steps, 1, 1000);
        checks.InRange(Baseline, 0, 255);
    }
}
