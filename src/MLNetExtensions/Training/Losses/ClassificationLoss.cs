namespace MLNetExtensions.Training.Losses;

/// <summary>A loss whose targets follow from one class for each row.</summary>
public abstract record ClassificationLoss : Loss
{
    /// <summary>Writes the targets of some rows.</summary>
    /// <param name="labels">The class of each row, from 0.</param>
    /// <param name="width">The number of outputs of a row: the classes, except where a loss says otherwise.</param>
    /// <param name="targets">Gets <see cref="Loss.TargetWidth"/> values a row.</param>
    /// <returns>What the summed loss is divided by: <see cref="TrainingBatch.TargetWeight"/>.</returns>
    public abstract float Encode(ReadOnlySpan<int> labels, int width, Span<float> targets);
}
