using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Superpixels;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// LIME (arXiv 1602.04938): a linear model of which superpixels are shown, fitted to the class's logit; hidden ones have their mean color or a fixed one.
/// Superpixels are SLIC's (Achanta et al. 2012); kernel and penalty are those of the package lime. It needs scores alone, and no training
/// runtime; the draws follow from the seed.
/// </summary>
public sealed record Lime : ExplanationMethod
{
    /// <summary>The number of samples, 10 to 100000.</summary>
    /// <value>The default is 1000.</value>
    public int Samples { get; init; } = 1000;

    /// <summary>The number of superpixels, about, 2 to 500.</summary>
    /// <value>The default is 50.</value>
    public int Segments { get; init; } = 50;

    /// <summary>How much places count against colors in superpixels, above 0.</summary>
    /// <value>The default is 10.</value>
    public float Compactness { get; init; } = 10;

    /// <summary>The value of hidden superpixels, before the network's normalization, 0 to 255.</summary>
    /// <value>The default is null: their own mean color, which hides texture, and no color.</value>
    public float? Fill { get; init; }

    internal override IAttribution Open(AttributionSetting setting) => new LimeAttribution(setting, Samples, Segments, Compactness, Fill);

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Samples, 10, 100_000);
        checks.InRange(Segments, 2, 500);
        checks.Positive(Compactness);
        checks.InRange(Fill, 0, 255);
    }
}
