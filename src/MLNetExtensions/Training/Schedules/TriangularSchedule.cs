using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Schedules;

/// <summary>A straight line up to the base rate and another one down (arXiv 1506.01186, one triangle): what short, fast runs do best with.</summary>
/// <param name="PeakShare">The share of the steps on the way up.</param>
/// <param name="FirstFactor">What the base rate is multiplied by at the first step.</param>
/// <param name="LastFactor">What the base rate is multiplied by at the end of the run.</param>
public sealed record TriangularSchedule(float PeakShare = 0.2f, float FirstFactor = 0.1f, float LastFactor = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps)
    {
        double peak = (double)PeakShare * totalSteps;
        double factor = step < peak
            ? FirstFactor + (1 - FirstFactor) * step / peak
            : 1 + (LastFactor - 1) * Math.Min(1, (step - peak) / Math.Max(1, totalSteps - peak));
        return (float)(baseRate * factor);
    }

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(PeakShare, 0, 1);
        checks.AtLeast(FirstFactor, 0);
        checks.AtLeast(LastFactor, 0);
    }
}
