using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>Lowers the learning rate to zero as a power of the remaining steps, like torch's PolynomialLR.</summary>
/// <param name="Power">The power; 1 is linear.</param>
public sealed record PolynomialSchedule(float Power = 2) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(baseRate * Math.Pow(Math.Max(0, 1 - (double)step / Math.Max(1, totalSteps)), Power));

    internal override void Check(SettingChecks checks) => checks.AtLeast(Power, 0);
}
