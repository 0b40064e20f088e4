namespace MLNetExtensions.Reports.Rendering;

/// <summary>The confusion matrix as the page shows it: of many classes, those with the most mistakes, and the others together.</summary>
/// <param name="Headers">The predicted classes.</param>
/// <param name="Rows">The actual classes.</param>
/// <param name="LeftOut">The number of classes that are shown together.</param>
internal sealed record MatrixView(IReadOnlyList<string> Headers, IReadOnlyList<MatrixRow> Rows, int LeftOut)
{
    private const int MostClasses = 30;
    private const string OthersName = "(others)";

    /// <param name="names">The classes.</param>
    /// <param name="confusion">The counts of each class (rows) that were predicted as each class (columns).</param>
    /// <param name="cellsWithRows">The cells that open rows.</param>
    public static MatrixView Of(
        IReadOnlyList<string> names,
        IReadOnlyList<IReadOnlyList<long>> confusion,
        IReadOnlySet<string> cellsWithRows
    )
    {
        int n = names.Count;
        int[] own = n <= MostClasses ? [.. Enumerable.Range(0, n)] : MostMistaken(confusion);
        int[] rest = [.. Enumerable.Range(0, n).Except(own)];
        int[][] groups = [.. own.Select(c => new[] { c }), .. rest.Length > 0 ? [rest] : Array.Empty<int[]>()];
        return new MatrixView([.. groups.Select(Name)], [.. groups.Select(Row)], rest.Length);

        string Name(int[] group) => group.Length == 1 ? names[group[0]] : OthersName;

        MatrixRow Row(int[] actual)
        {
            long support = actual.Sum(a => confusion[a].Sum());
            return new MatrixRow(Name(actual), support, [.. groups.Select(predicted => Cell(actual, predicted, support))]);
        }

        MatrixCell Cell(int[] actual, int[] predicted, long support)
        {
            long count = actual.Sum(a => predicted.Sum(p => confusion[a][p]));
            string key = CellKey(actual[0], predicted[0]);
            return new MatrixCell(
                actual.Length == 1 && predicted.Length == 1 && cellsWithRows.Contains(key) ? key : null,
                count,
                support == 0 ? 0 : (double)count / support,
                actual == predicted,
                Name(predicted)
            );
        }
    }

    /// <summary>The name of a cell's rows.</summary>
    public static string CellKey(int actual, int predicted) => $"{actual}-{predicted}";

    private static int[] MostMistaken(IReadOnlyList<IReadOnlyList<long>> confusion) =>
        [
            .. Enumerable
                .Range(0, confusion.Count)
                .OrderByDescending(c => confusion[c].Sum() + confusion.Sum(row => row[c]) - (2 * confusion[c][c]))
                .ThenBy(c => c)
                .Take(MostClasses)
                .Order(),
        ];
}
