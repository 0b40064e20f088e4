using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Classes;

/// <summary>Scored rows with classes.</summary>
internal sealed class ScoredClasses
{
    private readonly float[] _scores;
    private readonly int[] _labels;
    private readonly int[] _predicted;

    private ScoredClasses(float[] scores, int[] labels, IReadOnlyList<string> classes, IReadOnlyList<DataViewRowId> ids)
    {
        (_scores, _labels, Ids) = (scores, labels, ids);
        Report = ClassificationReport.Compute(scores, labels, classes);
        _predicted = new int[labels.Length];
        for (int row = 0; row < labels.Length; row++)
            _predicted[row] = TensorPrimitives.IndexOfMax(scores.AsSpan(row * classes.Count, classes.Count));
    }

    /// <summary>The metrics of all rows.</summary>
    public ClassificationReport Report { get; }

    /// <summary>The rows' ids.</summary>
    public IReadOnlyList<DataViewRowId> Ids { get; }

    /// <summary>The number of rows.</summary>
    public int Count => _labels.Length;

    /// <summary>Reads a view once.</summary>
    public static ScoredClasses Read(IDataView scored, HtmlReportOptions options)
    {
        List<DataViewRowId> ids = [];
        (float[] scores, int[] labels, IReadOnlyList<string> classes) = ReportColumns.ReadClasses(
            scored,
            options.LabelColumnName,
            options.ScoreColumnName,
            ids
        );
        return new ScoredClasses(scores, labels, classes, ids);
    }

    /// <summary>A row's class.</summary>
    public int Actual(int row) => _labels[row];

    /// <summary>The class that a row was taken for.</summary>
    public int Predicted(int row) => _predicted[row];

    /// <summary>The probability of a row's predicted class.</summary>
    public float Confidence(int row) => Probability(row, _predicted[row]);

    /// <summary>A row's probability of a class.</summary>
    public float Probability(int row, int label) => _scores[(row * Report.Classes.Count) + label];

    /// <summary>The mistakes, those with the largest log-loss first.</summary>
    public IEnumerable<int> Mistakes() =>
        Enumerable
            .Range(0, Count)
            .Where(row => _predicted[row] != _labels[row])
            .OrderBy(row => Probability(row, _labels[row]))
            .ThenByDescending(Confidence)
            .ThenBy(row => row);

    /// <summary>
    /// The rows of each cell of the confusion matrix: of mistakes the most confident first, of the diagonal the least confident.
    /// </summary>
    public IReadOnlyDictionary<(int Actual, int Predicted), int[]> Cells() =>
        Enumerable
            .Range(0, Count)
            .GroupBy(row => (_labels[row], _predicted[row]))
            .ToDictionary(
                cell => cell.Key,
                cell =>
                    cell.Key.Item1 == cell.Key.Item2
                        ? cell.OrderBy(Confidence).ThenBy(row => row).ToArray()
                        : [.. cell.OrderByDescending(Confidence).ThenBy(row => row)]
            );
}
