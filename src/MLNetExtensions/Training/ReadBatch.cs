namespace MLNetExtensions.Training;

/// <summary>Rows read for one step; the memory is valid until the next batch is asked for.</summary>
/// <param name="Rows">The indices of the rows.</param>
/// <param name="Batch">Their inputs and targets.</param>
/// <param name="Total">The rows of the step, with those of other workers.</param>
/// <param name="IsPadding">True if this worker has no row of the step; then there is one, of weight 0, so that it can take part.</param>
/// <param name="Targets">The batch's targets, which may be changed before its step.</param>
internal readonly record struct ReadBatch(ReadOnlyMemory<int> Rows, TrainingBatch Batch, int Total, bool IsPadding, Memory<float> Targets)
{
    public int Count => Rows.Length;
}
