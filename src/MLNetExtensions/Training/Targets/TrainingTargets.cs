using System.Security.Cryptography;

namespace MLNetExtensions.Training.Targets;

/// <summary>The targets of the network for each row: encodes them for the loss, and measures outputs. One kind for each task.</summary>
internal abstract class TrainingTargets
{
    /// <summary>The number of outputs of the network for a row.</summary>
    public abstract int Width { get; }

    /// <summary>The number of target values of a row.</summary>
    /// <param name="training">True if they are to be trained on, or measured.</param>
    public virtual int TargetWidth(bool training) => Width;

    /// <summary>False if outputs are so large that those of a whole validation set are not kept for callbacks.</summary>
    public virtual bool KeepsOutputs => true;

    /// <summary>The class or level of each row, from 0; null if rows have no class.</summary>
    public virtual int[]? Labels => null;

    /// <summary>Writes the targets of some rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="training">True if label smoothing and class weights apply; they do not where outputs are measured.</param>
    /// <param name="targets">Receives rows x <see cref="TargetWidth"/> values.</param>
    /// <returns><see cref="TrainingBatch.TargetWeight"/>.</returns>
    public abstract float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets);

    /// <summary>Measures the outputs of some rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="outputs">rows x <see cref="Width"/> outputs of the network.</param>
    /// <returns>Sums over the rows.</returns>
    public abstract OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs);

    /// <summary>Forgets the rows that <see cref="Measure"/> has seen.</summary>
    public virtual void BeginSet() { }

    /// <summary>The figures of all rows that <see cref="Measure"/> has seen since <see cref="BeginSet"/>.</summary>
    public virtual SetMeasures MeasureSet() => default;

    /// <summary>A text that changes where any row's target does, for checkpoints.</summary>
    public abstract string Fingerprint();

    /// <summary>The values of some rows, in their order.</summary>
    private protected static int[] Select(int[] values, ReadOnlySpan<int> rows)
    {
        var selected = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            selected[i] = values[rows[i]];
        return selected;
    }

    private protected static string Hash(ReadOnlySpan<byte> values) => Convert.ToHexStringLower(SHA256.HashData(values))[..16];
}
