using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>Multiplies the learning rate by a factor at equal intervals, like torch's StepLR.</summary>
/// <param name="StepSize">The interval, as a fraction of the run's steps: 1/3 for 30 epochs of 90.</param>
/// <param name="Gamma">The factor of the learning rate.</param>
public sealed record StepSchedule(float StepSize = 1f / 3, float Gamma = 0.1f) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(baseRate * Math.Pow(Gamma, step / StepsOf(StepSize, totalSteps)));

    internal override void Check(SettingChecks checks)
    {
        checks.Positive(StepSize);
        checks.Positive(Gamma);
    }
}
