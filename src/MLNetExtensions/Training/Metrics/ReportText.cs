using System.Globalization;
using System.Text;

namespace MLNetExtensions.Training.Metrics;

/// <summary>Reports as text, laid out as scikit-learn's classification_report.</summary>
internal static class ReportText
{
    // More classes than this make a confusion table that no screen shows.
    private const int MostClassesShown = 25;

    public static string Of(ClassificationReport report)
    {
        var text = new StringBuilder();
        int width = Header(text, report.Classes);
        text.Append('\n');
        string count = Number(report.Count);
        text.Append(CultureInfo.InvariantCulture, $"{"accuracy".PadLeft(width)}  {"",9} {"",9} {report.Accuracy,9:F2} {count,9}\n");
        Line(text, "macro avg".PadLeft(width), report.Macro, report.Count);
        Line(text, "weighted avg".PadLeft(width), report.Weighted, report.Count);
        text.Append('\n');

        Figure(text, "Accuracy", report.Accuracy);
        foreach (int k in new[] { 3, 5 })
            if (report.Classes.Count > k)
                Figure(text, $"Top-{k} accuracy", report.TopKAccuracy(k));
        Figure(text, "Balanced accuracy", report.BalancedAccuracy);
        Figure(text, "AUC (macro, one against the rest)", report.MacroAuc);
        Figure(text, "Log-loss", report.LogLoss);
        Figure(text, "Cohen's kappa", report.CohensKappa);
        Figure(text, "Matthews' correlation", report.MatthewsCorrelation);
        Figure(text, $"Calibration error (ECE, {Calibration.BinCount} bins)", report.ExpectedCalibrationError);
        if (report.Classes.Count <= MostClassesShown)
            text.Append('\n').Append(report.Confusion);
        return text.ToString();
    }

    public static string Of(MultiLabelReport report)
    {
        var text = new StringBuilder();
        int width = Header(text, report.Labels);
        text.Append('\n');
        long support = report.Labels.Sum(label => label.Support);
        Line(text, "micro avg".PadLeft(width), report.Micro, support);
        Line(text, "macro avg".PadLeft(width), report.Macro, support);
        Line(text, "weighted avg".PadLeft(width), report.Weighted, support);
        Line(text, "samples avg".PadLeft(width), report.Samples, support);
        text.Append('\n');
        Figure(text, "Rows", report.Count);
        Figure(text, "Subset accuracy", report.SubsetAccuracy);
        Figure(text, "Hamming loss", report.HammingLoss);
        Figure(text, "Mean average precision (macro)", report.MeanAveragePrecision);
        Figure(text, "AUC (macro)", report.MacroAuc);
        Figure(text, "Ranking average precision", report.RankingAveragePrecision);
        Figure(text, "Log-loss", report.LogLoss);
        return text.ToString();
    }

    public static string Of(RegressionReport report)
    {
        var text = new StringBuilder();
        Figure(text, "Rows", report.Count);
        Figure(text, "Mean absolute error", report.MeanAbsoluteError);
        Figure(text, "Median absolute error", report.MedianAbsoluteError);
        Figure(text, "Largest absolute error", report.MaximumError);
        Figure(text, "Mean squared error", report.MeanSquaredError);
        Figure(text, "Root mean squared error", report.RootMeanSquaredError);
        Figure(text, "R2", report.RSquared);
        Figure(text, "Explained variance", report.ExplainedVariance);
        Figure(text, "Pearson's correlation", report.Correlation);
        return text.ToString();
    }

    private static int Header(StringBuilder text, IReadOnlyList<ClassMetrics> classes)
    {
        int width = Math.Max("weighted avg".Length, classes.Max(c => c.Name.Length));
        text.Append(' ', width + 1).Append($" {"precision",9} {"recall",9} {"f1-score",9} {"support",9}\n\n");
        foreach (ClassMetrics c in classes)
            Line(text, c.Name.PadLeft(width), c.Scores, c.Support);
        return width;
    }

    private static void Line(StringBuilder text, string name, PrecisionRecallF1 scores, long support) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}  {scores.Precision,9:F2} {scores.Recall,9:F2} {scores.F1,9:F2} {Number(support),9}\n");

    private static void Figure(StringBuilder text, string name, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name + ":",-36} {value:G4}\n");

    private static void Figure(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name + ":",-36} {value}\n");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
