using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Perturbations;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// Occlusion (arXiv 1311.2901): how far the class's logit falls where a window is hidden, averaged over the windows of a pixel. It needs
/// scores alone, and no training runtime.
/// </summary>
public sealed record Occlusion : ExplanationMethod
{
    /// <summary>The side of the window, in pixels of the resized image, at least 1.</summary>
    /// <value>The default is null: a sixth of the image's shorter side.</value>
    public int? Window { get; init; }

    /// <summary>The distance between two windows, in pixels; at most the window's side counts.</summary>
    /// <value>The default is null: half of the window.</value>
    public int? Stride { get; init; }

    /// <summary>The value of hidden pixels, before the network's normalization, 0 to 255.</summary>
    /// <value>The default is 127.5: gray.</value>
    public float Fill { get; init; } = 127.5f;

    internal override IAttribution Open(AttributionSetting setting) => new OcclusionAttribution(setting, Window, Stride, Fill);

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(Window, 1);
        checks.AtLeast(Stride, 1);
        checks.InRange(Fill, 0, 255);
    }
}
