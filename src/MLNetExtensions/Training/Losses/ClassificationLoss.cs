namespace MLNetExtensions.Training.Losses;

/// <summary>The base of losses whose targets are one class per row.</summary>
public abstract record ClassificationLoss : Loss
{
    private protected ClassificationLoss() { }

    /// <summary>Writes the targets of some rows.</summary>
    /// <param name="labels">The class of each row, from 0.</param>
    /// <param name="width">The number of outputs of a row: the classes, unless a loss says otherwise.</param>
    /// <param name="targets">Receives <see cref="Loss.TargetWidth"/> values per row.</param>
    /// <returns>The divisor of the summed loss: <see cref="TrainingBatch.TargetWeight"/>.</returns>
    public abstract float Encode(ReadOnlySpan<int> labels, int width, Span<float> targets);
}
