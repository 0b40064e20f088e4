namespace MLNetExtensions.Reports.Rendering;

/// <summary>The rows that cells of the confusion matrix open.</summary>
/// <param name="Rows">The rows, by their numbers.</param>
/// <param name="Cells">The rows of a cell, by <see cref="MatrixView.CellKey"/>.</param>
internal sealed record ShownRows(IReadOnlyDictionary<int, ShownRow> Rows, IReadOnlyDictionary<string, IReadOnlyList<int>> Cells)
{
    /// <summary>No rows.</summary>
    public static ShownRows None { get; } = new(new Dictionary<int, ShownRow>(), new Dictionary<string, IReadOnlyList<int>>());
}
