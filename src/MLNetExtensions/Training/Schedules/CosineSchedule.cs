using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>
/// Lowers the base rate along half a cosine to <paramref name="MinimumRate"/> (arXiv 1608.03983), like torch's CosineAnnealingLR.
/// </summary>
/// <param name="MinimumRate">The rate at the end.</param>
public sealed record CosineSchedule(float MinimumRate = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(MinimumRate + (baseRate - MinimumRate) * (1 + Math.Cos(Math.PI * step / Math.Max(1, totalSteps))) / 2);

    internal override void Check(SettingChecks checks) => checks.AtLeast(MinimumRate, 0);
}
