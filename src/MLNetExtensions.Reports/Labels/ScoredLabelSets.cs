using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Labels;

/// <summary>Scored rows with any number of labels each.</summary>
internal sealed class ScoredLabelSets
{
    // As the report's log-loss: a probability of exactly 0 or 1 costs much, not infinitely much.
    private const double LeastProbability = 1.2e-7;

    private readonly float[] _scores;
    private readonly bool[] _targets;
    private readonly float _threshold;

    private ScoredLabelSets(float[] scores, bool[] targets, IReadOnlyList<string> labels, IReadOnlyList<DataViewRowId> ids, float threshold)
    {
        (_scores, _targets, _threshold, Names, Ids) = (scores, targets, threshold, labels, ids);
        Report = MultiLabelReport.Compute(scores, targets, labels, threshold);
    }

    /// <summary>The metrics of all rows.</summary>
    public MultiLabelReport Report { get; }

    /// <summary>The labels' names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The rows' ids.</summary>
    public IReadOnlyList<DataViewRowId> Ids { get; }

    /// <summary>The number of rows.</summary>
    public int Count => _targets.Length / Names.Count;

    /// <summary>Reads a view once.</summary>
    public static ScoredLabelSets Read(IDataView scored, HtmlReportOptions options)
    {
        List<DataViewRowId> ids = [];
        (float[] scores, bool[] targets, IReadOnlyList<string> labels) = ReportColumns.ReadLabelSets(
            scored,
            options.LabelColumnName,
            options.ScoreColumnName,
            ids
        );
        return new ScoredLabelSets(scores, targets, labels, ids, options.Threshold);
    }

    /// <summary>True if a row has a label.</summary>
    public bool Actual(int row, int label) => _targets[(row * Names.Count) + label];

    /// <summary>True if a label is predicted for a row.</summary>
    public bool Predicted(int row, int label) => Probability(row, label) >= _threshold;

    /// <summary>A row's probability of a label.</summary>
    public float Probability(int row, int label) => _scores[(row * Names.Count) + label];

    /// <summary>The labels of a row that fulfill a condition.</summary>
    public IReadOnlyList<string> Where(Func<int, bool> holds) => [.. Enumerable.Range(0, Names.Count).Where(holds).Select(i => Names[i])];

    /// <summary>The sum of the binary cross-entropies of a row's labels.</summary>
    public double LogLoss(int row) =>
        Enumerable
            .Range(0, Names.Count)
            .Sum(label =>
                -Math.Log(Math.Max(LeastProbability, Actual(row, label) ? Probability(row, label) : 1 - (double)Probability(row, label)))
            );

    /// <summary>The rows with a wrong label, those with the largest log-loss first.</summary>
    public IEnumerable<int> Mistakes() =>
        Enumerable
            .Range(0, Count)
            .Where(row => Enumerable.Range(0, Names.Count).Any(label => Predicted(row, label) != Actual(row, label)))
            .OrderByDescending(LogLoss)
            .ThenBy(row => row);
}
