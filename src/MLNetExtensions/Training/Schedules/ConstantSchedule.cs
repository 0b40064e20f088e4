namespace MLNetExtensions.Training.Schedules;

/// <summary>Keeps the learning rate constant.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float RateAt(float baseRate, int step, int totalSteps) => baseRate;
}
