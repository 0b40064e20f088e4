using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Explanation.Perturbations;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// RISE (arXiv 1806.07421): the mean of random soft masks, weighted by the scores of the image under them. Here the score is the logit
/// minus its mean under all masks. It needs scores alone, and no training runtime; the masks follow from the seed.
/// </summary>
public sealed record Rise : ExplanationMethod
{
    /// <summary>The number of masks, 2 to 100000. The paper takes 4000 to 8000.</summary>
    /// <value>The default is 2000.</value>
    public int Samples { get; init; } = 2000;

    /// <summary>The number of cells of a mask's grid on a side, 2 to 32.</summary>
    /// <value>The default is 7.</value>
    public int Grid { get; init; } = 7;

    /// <summary>The probability that a cell is shown, 0.01 to 0.99.</summary>
    /// <value>The default is 0.5.</value>
    public float Shown { get; init; } = 0.5f;

    /// <summary>The value of hidden pixels, before the network's normalization, 0 to 255.</summary>
    /// <value>The default is 127.5: gray.</value>
    public float Fill { get; init; } = 127.5f;

    internal override IAttribution Open(AttributionSetting setting) => new RiseAttribution(setting, Samples, Grid, Shown, Fill);

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Samples, 2, 100_000);
        checks.InRange(Grid, 2, 32);
        checks.InRange(Shown, 0.01f, 0.99f);
        checks.InRange(Fill, 0, 255);
    }
}
