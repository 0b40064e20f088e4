using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>Multiplies the learning rate by a factor at each milestone, like torch's MultiStepLR.</summary>
/// <param name="Milestones">The milestones, as fractions of the run's steps, such as 0.5 and 0.75.</param>
/// <param name="Factor">The factor of the learning rate.</param>
public sealed record MultiStepSchedule(IReadOnlyList<float> Milestones, float Factor = 0.1f) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(baseRate * Math.Pow(Factor, Milestones.Count(fraction => step >= StepsOf(fraction, totalSteps))));

    internal override void Check(SettingChecks checks)
    {
        checks.Required(Milestones);
        checks.NoneNegative(Milestones);
        checks.Positive(Factor);
    }
}
