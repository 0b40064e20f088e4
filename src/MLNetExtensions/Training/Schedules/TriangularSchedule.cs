using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>
/// Raises the learning rate linearly to the base rate, then lowers it linearly (arXiv 1506.01186, one triangle): the best schedule for
/// short, fast runs.
/// </summary>
/// <param name="PeakFraction">The fraction of the steps in which the rate rises.</param>
/// <param name="StartFactor">The factor of the base rate at the first step.</param>
/// <param name="EndFactor">The factor of the base rate at the end of the run.</param>
public sealed record TriangularSchedule(float PeakFraction = 0.2f, float StartFactor = 0.1f, float EndFactor = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps)
    {
        double peak = (double)PeakFraction * totalSteps;
        double factor =
            step < peak
                ? StartFactor + (1 - StartFactor) * step / peak
                : 1 + (EndFactor - 1) * Math.Min(1, (step - peak) / Math.Max(1, totalSteps - peak));
        return (float)(baseRate * factor);
    }

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(PeakFraction, 0, 1);
        checks.AtLeast(StartFactor, 0);
        checks.AtLeast(EndFactor, 0);
    }
}
