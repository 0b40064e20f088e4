using MLNetExtensions.Training;

namespace MLNetExtensions.Tests.Training;

/// <summary>Rows of two values: the row's number, scaled, and a value that tells the class apart.</summary>
internal sealed class NumberedRows(int count) : ITrainingRows
{
    /// <summary>How long each batch takes to read.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A row that cannot be read.</summary>
    public int BadRow { get; init; } = -1;

    public int Count => count;

    public IReadOnlyList<int> ItemSizes => [2];

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        Thread.Sleep(Delay);
        if (rows.Contains(BadRow))
            throw new IOException($"row {BadRow}");
        for (int i = 0; i < rows.Length; i++)
            (inputs[0][2 * i], inputs[0][2 * i + 1]) = (rows[i] / 100f, rows[i] % 2 == 1 ? 1 : -1);
    }

    public void Dispose() { }
}
