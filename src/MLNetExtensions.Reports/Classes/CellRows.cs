namespace MLNetExtensions.Reports.Classes;

/// <summary>The rows that cells of the confusion matrix open.</summary>
internal static class CellRows
{
    /// <summary>The rows of all cells, each cell's first before any cell's second, and the diagonal last.</summary>
    /// <param name="cells">The rows of each cell, in their order.</param>
    /// <param name="perCell">The most rows of a cell.</param>
    public static IEnumerable<int> ByTurns(IReadOnlyDictionary<(int Actual, int Predicted), int[]> cells, int perCell)
    {
        foreach (bool diagonal in new[] { false, true })
        {
            int[][] some =
            [
                .. cells
                    .Where(cell => cell.Key.Actual == cell.Key.Predicted == diagonal)
                    .OrderByDescending(cell => cell.Value.Length)
                    .ThenBy(cell => cell.Key)
                    .Select(cell => cell.Value),
            ];
            for (int turn = 0; turn < perCell; turn++)
            {
                foreach (int[] rows in some)
                    if (turn < rows.Length)
                        yield return rows[turn];
            }
        }
    }
}
