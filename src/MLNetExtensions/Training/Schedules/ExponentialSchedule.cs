using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>Multiplies the learning rate by the same factor at every step, like torch's ExponentialLR.</summary>
/// <param name="FinalFactor">The factor of the base rate at the end of the run: PyTorch's gamma to the power of the number of
/// steps.</param>
public sealed record ExponentialSchedule(float FinalFactor = 0.01f) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(baseRate * Math.Pow(FinalFactor, (double)step / Math.Max(1, totalSteps)));

    internal override void Check(SettingChecks checks) => checks.Positive(FinalFactor);
}
