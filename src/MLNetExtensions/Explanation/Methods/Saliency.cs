using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Pixels;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// The gradient of the class's logit with respect to the pixels (arXiv 1312.6034): of each pixel the largest magnitude among its channels.
/// Fast, and noisy.
/// </summary>
public sealed record Saliency : ExplanationMethod
{
    internal override IAttribution Open(AttributionSetting setting) => new SaliencyAttribution(setting);
}
