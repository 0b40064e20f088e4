namespace MLNetExtensions.Training;

/// <summary>The rows of one step. The memory belongs to the caller and may be reused after the call.</summary>
public sealed class TrainingBatch
{
    /// <summary>The number of rows.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// The inputs: one buffer per graph input, in the graph's order, with one row after another in C order (images: channel, row, column).
    /// </summary>
    public required IReadOnlyList<ReadOnlyMemory<float>> Inputs { get; init; }

    /// <summary>
    /// The targets that the loss compares the first output with, in the loss's encoding. They have that output's shape, unless
    /// <see cref="Losses.Loss.TargetWidth"/> says otherwise.
    /// </summary>
    public ReadOnlyMemory<float> Targets { get; init; }

    /// <summary>The divisor of the summed loss: the number of rows, or the sum of their class weights.</summary>
    public float TargetWeight { get; init; } = 1;

    /// <summary>The number of rows at the end that only fill the batch: in a step of DP-SGD they do not count.</summary>
    internal int Fillers { get; init; }
}
