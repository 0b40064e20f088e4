using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>
/// Repeats half a cosine from the base rate down, each longer than the last (SGDR, arXiv 1608.03983), like torch's
/// CosineAnnealingWarmRestarts.
/// </summary>
/// <param name="FirstPeriod">The length of the first descent, as a fraction of the run's steps. With a factor of 2, 1/7 makes three
/// complete descents.</param>
/// <param name="PeriodFactor">The length of each descent as a multiple of the one before, 1 or more.</param>
/// <param name="MinimumRate">The rate at the end of each descent.</param>
public sealed record CosineRestartsSchedule(float FirstPeriod = 1f / 7, float PeriodFactor = 2, float MinimumRate = 0)
    : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps)
    {
        double period = StepsOf(FirstPeriod, totalSteps),
            since = step,
            factor = Math.Max(1, PeriodFactor);
        while (since >= period)
        {
            since -= period;
            period *= factor;
        }
        return (float)(MinimumRate + (baseRate - MinimumRate) * (1 + Math.Cos(Math.PI * since / period)) / 2);
    }

    internal override void Check(SettingChecks checks)
    {
        checks.Positive(FirstPeriod);
        checks.AtLeast(PeriodFactor, 1);
        checks.AtLeast(MinimumRate, 0);
    }
}
