using MLNetExtensions.Reports.Classes;
using MLNetExtensions.Reports.Images;

namespace MLNetExtensions.Reports.Rendering;

/// <summary>The rows that the cells of the confusion matrix open.</summary>
internal static class RowsOfCells
{
    public static ShownRows Of(
        ScoredClasses rows,
        IReadOnlyDictionary<(int Actual, int Predicted), int[]> cells,
        Gallery gallery,
        IReadOnlyList<int> worst,
        int perCell
    )
    {
        // The page has the worst mistakes' images already, in their cards.
        HashSet<int> inCards = [.. worst];
        var shown = new SortedDictionary<int, ShownRow>();
        var opened = new Dictionary<string, IReadOnlyList<int>>();
        foreach (((int actual, int predicted), int[] all) in cells.OrderBy(cell => cell.Key))
        {
            int[] some = [.. all.Take(perCell).Where(row => gallery.Of(row) is { } there && (there.Source ?? there.Problem) is not null)];
            if (some.Length == 0)
                continue;
            opened.Add(MatrixView.CellKey(actual, predicted), some);
            foreach (int row in some)
            {
                Thumbnail thumbnail = gallery.Of(row)!;
                shown.Add(
                    row,
                    new ShownRow(
                        RowCards.NameOf(row, thumbnail),
                        RowCards.PathOf(row, thumbnail),
                        $"{TemplateFilters.Percent(rows.Confidence(row), 0)} sure",
                        inCards.Contains(row) ? null : thumbnail.Source,
                        thumbnail.Problem
                    )
                );
            }
        }
        return new ShownRows(shown, opened);
    }
}
