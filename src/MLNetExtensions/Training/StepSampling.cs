namespace MLNetExtensions.Training;

/// <summary>Steps of chosen rows, in the place of an epoch's rows in turn.</summary>
internal abstract class StepSampling
{
    /// <summary>A place in an order without a row.</summary>
    public const int Missing = -1;

    /// <summary>The number of places of a step.</summary>
    public abstract int SlotSize { get; }

    /// <summary>The number of steps of an epoch.</summary>
    public abstract int StepsPerEpoch { get; }

    /// <summary>
    /// Batches are filled to a multiple of this by rows that do not count, so that few shapes are compiled; null where no place is empty.
    /// </summary>
    public abstract int? Multiple { get; }

    /// <summary>An epoch's order: <see cref="SlotSize"/> places for each step. The memory is reused by the next call.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public abstract ReadOnlyMemory<int> Draw(int epoch);
}
