namespace MLNetExtensions.Training;

/// <summary>Rows that training can visit in any order, as often as it likes: cached features, or pictures.</summary>
internal interface ITrainingRows : IDisposable
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>The number of values of one row, for each input of the graph.</summary>
    IReadOnlyList<int> ItemSizes { get; }

    /// <summary>Writes rows after one another, for each input of the graph.</summary>
    void Fill(ReadOnlySpan<int> rows, IReadOnlyList<float[]> inputs);
}
