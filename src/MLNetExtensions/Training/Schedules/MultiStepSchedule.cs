using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>The rate falls by a factor at each milestone, as torch's MultiStepLR.</summary>
/// <param name="Milestones">Where, as shares of the run's steps: 0.5 and 0.75, say.</param>
/// <param name="Factor">What the rate is multiplied by.</param>
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
