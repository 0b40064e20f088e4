using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>The rate falls by a factor at equal distances, as torch's StepLR.</summary>
/// <param name="Every">The distance, as a share of the run's steps: 1/3 for 30 epochs of 90.</param>
/// <param name="Factor">What the rate is multiplied by.</param>
public sealed record StepSchedule(float Every = 1f / 3, float Factor = 0.1f) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(baseRate * Math.Pow(Factor, step / StepsOf(Every, totalSteps)));

    internal override void Check(SettingChecks checks)
    {
        checks.Positive(Every);
        checks.Positive(Factor);
    }
}
