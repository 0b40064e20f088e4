using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>
/// One cycle (arXiv 1708.07120), like torch's OneCycleLR: half a cosine up from base / <paramref name="DivideFactor"/> to the base rate,
/// then half a cosine down to the initial rate / <paramref name="FinalDivideFactor"/>. Momentum does not change.
/// </summary>
/// <param name="WarmupFraction">The fraction of the steps in which the rate rises.</param>
/// <param name="DivideFactor">The base rate divided by the initial rate.</param>
/// <param name="FinalDivideFactor">The initial rate divided by the final rate.</param>
public sealed record OneCycleSchedule(float WarmupFraction = 0.3f, float DivideFactor = 25, float FinalDivideFactor = 1e4f)
    : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps)
    {
        double first = baseRate / DivideFactor;
        double last = first / FinalDivideFactor;
        double peak = (double)WarmupFraction * totalSteps - 1;
        double end = Math.Max(totalSteps - 1, peak + 1);
        return (float)(
            step <= peak ? Between(first, baseRate, peak > 0 ? step / peak : 1) : Between(baseRate, last, (step - peak) / (end - peak))
        );
    }

    private static double Between(double from, double to, double fraction) =>
        to + (from - to) / 2 * (1 + Math.Cos(Math.PI * Math.Min(1, fraction)));

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(WarmupFraction, 0, 1);
        checks.Positive(DivideFactor);
        checks.Positive(FinalDivideFactor);
    }
}
