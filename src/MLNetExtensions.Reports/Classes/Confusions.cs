using MLNetExtensions.Reports.Content;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Classes;

/// <summary>A confusion matrix as reports have it.</summary>
internal static class Confusions
{
    private const int MostPairs = 10;

    /// <summary>The counts of each class (rows) that were predicted as each class (columns).</summary>
    public static long[][] Counts(ClassConfusionMatrix confusion)
    {
        int n = confusion.Classes.Count;
        return [.. Enumerable.Range(0, n).Select(actual => Enumerable.Range(0, n).Select(p => confusion[actual, p]).ToArray())];
    }

    /// <summary>The classes that are confused most.</summary>
    public static IReadOnlyList<ConfusedPairContent> Pairs(ClassConfusionMatrix confusion)
    {
        int n = confusion.Classes.Count;
        return
        [
            .. Enumerable
                .Range(0, n * n)
                .Where(cell => cell / n != cell % n && confusion[cell / n, cell % n] > 0)
                .OrderByDescending(cell => confusion[cell / n, cell % n])
                .ThenByDescending(cell => (double)confusion[cell / n, cell % n] / confusion.Actual[cell / n])
                .ThenBy(cell => cell)
                .Take(MostPairs)
                .Select(cell => new ConfusedPairContent(
                    confusion.Classes[cell / n],
                    confusion.Classes[cell % n],
                    confusion[cell / n, cell % n],
                    confusion.Actual[cell / n]
                )),
        ];
    }
}
