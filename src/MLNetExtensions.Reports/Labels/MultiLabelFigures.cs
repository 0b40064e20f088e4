using MLNetExtensions.Reports.Content;
using MLNetExtensions.Reports.Images;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Labels;

/// <summary>The figures of a model of several labels as the report has them. They are those of <see cref="MultiLabelReport"/>.</summary>
internal static class MultiLabelFigures
{
    public static MultiLabelContent Of(ScoredLabelSets rows, IReadOnlyList<int> worst, Gallery gallery, double threshold)
    {
        MultiLabelReport report = rows.Report;
        return new MultiLabelContent
        {
            Threshold = threshold,
            Correct = (long)Math.Round(report.SubsetAccuracy * report.Count),
            SubsetAccuracy = report.SubsetAccuracy,
            HammingLoss = report.HammingLoss,
            Micro = AverageContent.Of(report.Micro),
            Macro = AverageContent.Of(report.Macro),
            Weighted = AverageContent.Of(report.Weighted),
            Samples = AverageContent.Of(report.Samples),
            MeanAveragePrecision = Finite.OrNull(report.MeanAveragePrecision),
            MacroAuc = Finite.OrNull(report.MacroAuc),
            RankingAveragePrecision = report.RankingAveragePrecision,
            LogLoss = report.LogLoss,
            Baseline = Baseline(rows),
            Labels = [.. report.Labels.Select(ClassContent.Of)],
            WorstRows =
            [
                .. worst.Select(row => new LabelSetContent(
                    row,
                    gallery.PathOf(row),
                    rows.Where(label => rows.Actual(row, label)),
                    rows.Where(label => rows.Predicted(row, label)),
                    rows.Where(label => rows.Actual(row, label) && !rows.Predicted(row, label)),
                    rows.Where(label => !rows.Actual(row, label) && rows.Predicted(row, label)),
                    rows.LogLoss(row)
                )),
            ],
        };
    }

    private static MultiLabelBaselineContent Baseline(ScoredLabelSets rows)
    {
        IReadOnlyList<ClassMetrics> labels = rows.Report.Labels;
        double[] frequencies = [.. labels.Select(label => (double)label.Support / rows.Count)];
        bool[] answers = [.. frequencies.Select(frequency => frequency > 0.5)];
        var target = new bool[rows.Count * labels.Count];
        var answered = new float[target.Length];
        var expected = new float[target.Length];
        for (int i = 0; i < target.Length; i++)
        {
            int label = i % labels.Count;
            target[i] = rows.Actual(i / labels.Count, label);
            answered[i] = answers[label] ? 1 : 0;
            expected[i] = (float)frequencies[label];
        }
        MultiLabelReport report = MultiLabelReport.Compute(answered, target, rows.Names);
        return new MultiLabelBaselineContent(
            rows.Where(label => answers[label]),
            report.SubsetAccuracy,
            report.HammingLoss,
            report.Micro.F1,
            MultiLabelReport.Compute(expected, target, rows.Names).LogLoss,
            frequencies.Where(frequency => frequency > 0).Select(frequency => (double?)frequency).Average()
        );
    }
}
