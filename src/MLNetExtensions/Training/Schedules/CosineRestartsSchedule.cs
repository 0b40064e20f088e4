using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>
/// Half a cosine from the base rate down, again and again, each longer than the last (SGDR, arXiv 1608.03983), as torch's CosineAnnealingWarmRestarts.
/// </summary>
/// <param name="FirstPeriod">The first descent's share of the run's steps. With a factor of 2, 1/7 makes three whole descents.</param>
/// <param name="PeriodFactor">How many times longer each descent is than the one before, 1 or more.</param>
/// <param name="MinimumRate">The rate at the end of each descent.</param>
public sealed record CosineRestartsSchedule(float FirstPeriod = 1f / 7, float PeriodFactor = 2, float MinimumRate = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps)
    {
        double period = StepsOf(FirstPeriod, totalSteps), since = step, factor = Math.Max(1, PeriodFactor);
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
