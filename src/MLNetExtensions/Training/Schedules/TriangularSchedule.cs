using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>A straight line up to the base rate and another one down (arXiv 1506.01186, one triangle): what short, fast runs do best with.</summary>
/// <param name="PeakFraction">The share of the steps on the way up.</param>
/// <param name="StartFactor">What the base rate is multiplied by at the first step.</param>
/// <param name="EndFactor">What the base rate is multiplied by at the end of the run.</param>
public sealed record TriangularSchedule(float PeakFraction = 0.2f, float StartFactor = 0.1f, float EndFactor = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps)
    {
        double peak = (double)PeakFraction * totalSteps;
        double factor = step < peak
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
