using MLNetExtensions.Training.Schedules;

namespace MLNetExtensions.Training.RateTests;

/// <summary>Raises the rate by equal factors from the smallest to the largest of a range test, whatever the base rate.</summary>
/// <param name="Options">The range test.</param>
internal sealed record RangeSchedule(LearningRateTestOptions Options) : LearningRateSchedule
{
    public override float RateAt(float baseRate, int step, int totalSteps) =>
        (float)(Options.Minimum * Math.Pow((double)Options.Maximum / Options.Minimum, (double)step / (Options.Steps - 1)));
}
