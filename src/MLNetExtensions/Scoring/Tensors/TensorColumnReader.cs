namespace MLNetExtensions.Scoring.Tensors;

/// <summary>Reads rows of a column of numbers or texts.</summary>
internal abstract class TensorColumnReader
{
    /// <summary>Takes the values of the current row.</summary>
    /// <returns>Their number.</returns>
    public abstract int Read();

    /// <summary>
    /// True if the row has no values although its vector type has a length, as ExtractPixels returns for a missing image.
    /// </summary>
    public virtual bool IsMissing => false;

    /// <summary>Copies the values that were taken.</summary>
    public abstract void CopyTo(TensorBuffer buffer, int start);
}
