using MLNetExtensions.Imaging;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>Brings a column's rows into a batch: what needs the cursor first, what any thread can do later.</summary>
internal abstract class InputReader
{
    /// <summary>Takes the current row's values; its length is then known.</summary>
    public virtual void Read() { }

    /// <summary>The number of elements of the row that was read; null if the model says it.</summary>
    public virtual int? Length => null;

    /// <summary>Puts the current row into a batch. The cursor may move on after it.</summary>
    /// <exception cref="InvalidImageException">The row's image is missing.</exception>
    public abstract void Put(BatchInput input, int row, long dataRow);

    /// <summary>Completes a row that was put; called by any thread, after the cursor has moved on.</summary>
    /// <param name="batch">The batch; its inputs before this one are complete.</param>
    /// <param name="input">The number of the input.</param>
    /// <param name="row">The number of the row in the batch.</param>
    /// <exception cref="InvalidImageException">The row's image cannot be read.</exception>
    public virtual void Complete(ScoreBatch batch, int input, int row) { }
}
