using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Training.Privacy;

/// <summary>The loss of a private step's rows, without those that fill the batch.</summary>
internal static class PrivateLoss
{
    /// <summary>The mean loss of the rows that count; 0 where there are none.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="outputs">The network's outputs, one row after another.</param>
    public static float Of(Loss loss, TrainingBatch batch, ReadOnlySpan<float> outputs)
    {
        int counted = batch.Count - batch.Fillers,
            width = outputs.Length / batch.Count,
            targets = batch.Targets.Length / batch.Count;
        if (counted == 0)
            return 0;
        using ILossMeasure measure = loss.OpenMeasure();
        return (float)(measure.Sum(outputs[..(counted * width)], batch.Targets.Span[..(counted * targets)], width) / counted);
    }
}
