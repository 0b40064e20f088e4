using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Numbers;

/// <summary>Scored rows with numbers.</summary>
internal sealed class ScoredNumbers
{
    private ScoredNumbers(float[] predictions, float[] targets, IReadOnlyList<DataViewRowId> ids)
    {
        (Predictions, Targets, Ids) = (predictions, targets, ids);
        Report = RegressionReport.Compute(predictions, targets);
    }

    /// <summary>The metrics of all rows.</summary>
    public RegressionReport Report { get; }

    /// <summary>The predicted number of each row.</summary>
    public float[] Predictions { get; }

    /// <summary>The label of each row.</summary>
    public float[] Targets { get; }

    /// <summary>The rows' ids.</summary>
    public IReadOnlyList<DataViewRowId> Ids { get; }

    /// <summary>Reads a view once.</summary>
    public static ScoredNumbers Read(IDataView scored, HtmlReportOptions options)
    {
        List<DataViewRowId> ids = [];
        (float[] predictions, float[] targets) = ReportColumns.ReadNumbers(scored, options.LabelColumnName, options.ScoreColumnName, ids);
        return new ScoredNumbers(predictions, targets, ids);
    }

    /// <summary>Prediction - label of a row.</summary>
    public double Error(int row) => (double)Predictions[row] - Targets[row];

    /// <summary>The rows, those with the largest errors first.</summary>
    public IEnumerable<int> ByError() =>
        Enumerable.Range(0, Targets.Length).OrderByDescending(row => Math.Abs(Error(row))).ThenBy(row => row);
}
