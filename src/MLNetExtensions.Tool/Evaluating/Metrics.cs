using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Tool.Evaluating;

/// <summary>Reports as what metrics.json holds.</summary>
internal static class Metrics
{
    public static RunMetrics Of(ClassificationReport report) =>
        new(
            report.Count,
            report.Accuracy,
            report.BalancedAccuracy,
            report.TopKAccuracy(5),
            report.Macro.F1,
            Defined.OrNull(report.MacroAuc),
            report.LogLoss,
            report.ExpectedCalibrationError,
            [.. report.Classes.Select(c => new RunClassMetrics(c.Name, c.Support, c.Precision, c.Recall, c.F1))],
            [
                .. Enumerable
                    .Range(0, report.Classes.Count)
                    .Select(row =>
                        (IReadOnlyList<long>)[.. Enumerable.Range(0, report.Classes.Count).Select(c => report.Confusion[row, c])]
                    ),
            ]
        );
}
