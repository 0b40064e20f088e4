using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>A straight line from the base rate down, as torch's LinearLR.</summary>
/// <param name="FinalFactor">What the base rate is multiplied by at the end of the run.</param>
public sealed record LinearSchedule(float FinalFactor = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(baseRate * (1 + (FinalFactor - 1) * Math.Min(1, (double)step / Math.Max(1, totalSteps))));

    internal override void Check(SettingChecks checks) => checks.AtLeast(FinalFactor, 0);
}
