using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>
/// Raises the learning rate linearly to the base rate, then uses another schedule for the remaining steps (arXiv 1706.02677).
/// </summary>
/// <param name="Then">The schedule after the warm-up; for it, the run begins where the warm-up ends.</param>
/// <param name="WarmupFraction">The length of the warm-up, as a fraction of the run's steps.</param>
/// <param name="StartFactor">The factor of the base rate at the first step.</param>
public sealed record WarmupSchedule(LearningRateSchedule Then, float WarmupFraction = 0.05f, float StartFactor = 0.1f)
    : LearningRateSchedule
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
