using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>Every step multiplies the rate by the same factor, as torch's ExponentialLR.</summary>
/// <param name="FinalFactor">What the base rate has been multiplied by at the end of the run. PyTorch's gamma to the power of the steps.</param>
public sealed record ExponentialSchedule(float FinalFactor = 0.01f) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(baseRate * Math.Pow(FinalFactor, (double)step / Math.Max(1, totalSteps)));

    internal override void Check(SettingChecks checks) => checks.Positive(FinalFactor);
}
