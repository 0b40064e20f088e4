using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>A straight line up to the base rate, then any other schedule over the steps that are left (arXiv 1706.02677).</summary>
/// <param name="Then">The schedule after it; for it, the run begins where the warm-up ends.</param>
/// <param name="WarmupFraction">The warm-up's share of the run's steps.</param>
/// <param name="StartFactor">What the base rate is multiplied by at the first step.</param>
public sealed record WarmupSchedule(LearningRateSchedule Then, float WarmupFraction = 0.05f, float StartFactor = 0.1f) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps)
    {
        int length = (int)Math.Round((double)WarmupFraction * totalSteps);
        return step < length
            ? (float)(baseRate * (StartFactor + (1 - StartFactor) * ((double)step / length)))
            : Then.RateAt(baseRate, step - length, totalSteps - length);
    }

    internal override void Check(SettingChecks checks)
    {
        checks.Required(Then);
        Then?.Check(checks.Inside(Then, nameof(Then)));
        checks.InRange(WarmupFraction, 0, 1);
        checks.AtLeast(StartFactor, 0);
    }
}
