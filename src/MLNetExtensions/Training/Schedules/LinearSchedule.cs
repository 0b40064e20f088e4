using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>Lowers the base rate linearly, like torch's LinearLR.</summary>
/// <param name="FinalFactor">The factor of the base rate at the end of the run.</param>
public sealed record LinearSchedule(float FinalFactor = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(baseRate * (1 + (FinalFactor - 1) * Math.Min(1, (double)step / Math.Max(1, totalSteps))));

    internal override void Check(SettingChecks checks) => checks.AtLeast(FinalFactor, 0);
}
