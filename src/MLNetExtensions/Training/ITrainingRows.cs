namespace MLNetExtensions.Training;

/// <summary>Rows that training can visit in any order, as often as it likes: cached features, or images.</summary>
internal interface ITrainingRows : IDisposable
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>The number of values of one row, for each input of the graph.</summary>
    IReadOnlyList<int> ItemSizes { get; }

    /// <summary>Writes rows after one another, for each input of the graph.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="epoch">The epoch, from 0, whose view of the rows is wanted; <see cref="RowView.Plain"/> for the rows as they
    /// are.</param>
    /// <param name="inputs">A buffer for each input.</param>
    void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs);
}
