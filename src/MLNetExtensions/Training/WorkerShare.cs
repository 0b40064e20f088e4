namespace MLNetExtensions.Training;

/// <summary>
/// This process's part of a training that several may share. Each step's rows, in the order that all have in common, are dealt out: worker
/// k of n gets those at k, k + n, k + 2n ... of the step. So a step is the same whatever the number of workers, and a checkpoint of some
/// workers goes on with any other number.
/// </summary>
/// <param name="workers">The workers; null if there are none.</param>
internal sealed class WorkerShare(IWorkers? workers = null)
{
    /// <summary>The values that are summed at once.</summary>
    private const int Piece = 1 << 18;

    /// <summary>The number of workers.</summary>
    public int WorldSize { get; } = workers?.WorldSize ?? 1;

    /// <summary>This one, from 0.</summary>
    public int Rank { get; } = workers?.Rank ?? 0;

    /// <summary>True if there are several workers.</summary>
    public bool IsShared => WorldSize > 1;

    /// <summary>The most rows that one worker gets of some.</summary>
    public int LargestOf(int rows) => (rows + WorldSize - 1) / WorldSize;

    /// <summary>This worker's rows.</summary>
    /// <param name="rows">The rows of all.</param>
    /// <param name="own">Room for this worker's.</param>
    /// <returns>Their number.</returns>
    public int Deal(ReadOnlySpan<int> rows, Span<int> own)
    {
        int count = 0;
        for (int at = Rank; at < rows.Length; at += WorldSize)
            own[count++] = rows[at];
        return count;
    }

    /// <summary>Puts the outputs of this worker's rows where those of all rows lie.</summary>
    /// <param name="own">The outputs of this worker's rows.</param>
    /// <param name="width">The values of a row.</param>
    /// <param name="all">Room for those of all.</param>
    public void Scatter(ReadOnlySpan<float> own, int width, Span<float> all)
    {
        for (int row = 0; row * width < own.Length; row++)
            own.Slice(row * width, width).CopyTo(all[((row * WorldSize + Rank) * width)..]);
    }

    /// <summary>Replaces values by their sums over all workers.</summary>
    public void AllReduceSum(Span<double> values)
    {
        if (IsShared)
            workers!.AllReduceSum(values);
    }

    /// <summary>The same for many.</summary>
    public void AllReduceSum(Span<float> values)
    {
        if (!IsShared)
            return;
        double[] piece = new double[Math.Min(Piece, values.Length)];
        for (int start = 0; start < values.Length; start += piece.Length)
        {
            Span<double> part = piece.AsSpan(0, Math.Min(piece.Length, values.Length - start));
            for (int i = 0; i < part.Length; i++)
                part[i] = values[start + i];
            workers!.AllReduceSum(part);
            for (int i = 0; i < part.Length; i++)
                values[start + i] = (float)part[i];
        }
    }

    /// <summary>True if the value is true for any worker.</summary>
    public bool Any(bool own)
    {
        double[] count = [own ? 1 : 0];
        AllReduceSum(count);
        return count[0] > 0;
    }

    /// <summary>See <see cref="IWorkers.CheckEqual"/>.</summary>
    public void CheckEqual(IReadOnlyDictionary<string, string> settings)
    {
        if (IsShared)
            workers!.CheckEqual(settings);
    }
}
