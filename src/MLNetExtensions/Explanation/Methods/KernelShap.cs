using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Superpixels;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// Kernel SHAP (arXiv 1705.07874) on superpixels: their Shapley values, which sum to the logit of the image minus that of the image with
/// all superpixels hidden. With up to 11 superpixels they are exact. It needs scores alone, and no training runtime; the
/// draws follow from the seed.
/// </summary>
public sealed record KernelShap : ExplanationMethod
{
    /// <summary>The number of coalitions that are scored, 2 to 100000.</summary>
    /// <value>The default is null: 2048 and two for each superpixel, as the package shap has it.</value>
    public int? Samples { get; init; }

    /// <summary>The number of superpixels, about, 2 to 500.</summary>
    /// <value>The default is 50.</value>
    public int Segments { get; init; } = 50;

    /// <summary>How much places count against colors in superpixels, above 0.</summary>
    /// <value>The default is 10.</value>
    public float Compactness { get; init; } = 10;

    /// <summary>The value of hidden superpixels, before the network's normalization, 0 to 255.</summary>
    /// <value>The default is null: their own mean color, which hides texture, and no color.</value>
    public float? Fill { get; init; }

    internal override IAttribution Open(AttributionSetting setting) =>
        new KernelShapAttribution(setting, Samples, Segments, Compactness, Fill);

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Samples, 2, 100_000);
        checks.InRange(Segments, 2, 500);
        checks.Positive(Compactness);
        checks.InRange(Fill, 0, 255);
    }
}
