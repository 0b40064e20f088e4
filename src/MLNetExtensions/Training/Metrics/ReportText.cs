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
        text.Append(CultureInfo.InvariantCulture, $"{"accuracy".PadLeft(width)}  {"", 9} {"", 9} {report.Accuracy, 9:F2} {count, 9}\n");
        Line(text, "macro avg".PadLeft(width), report.Macro, report.Count);
        Line(text, "weighted avg".PadLeft(width), report.Weighted, report.Count);
        text.Append('\n');

        Figures(text, ("Accuracy", report.Accuracy));
        foreach (int k in new[] { 3, 5 })
            if (report.Classes.Count > k)
                Figures(text, ($"Top-{k} accuracy", report.TopKAccuracy(k)));
        Figures(
            text,
            ("Balanced accuracy", report.BalancedAccuracy),
            ("AUC (macro, one against the rest)", report.MacroAuc),
            ("Log-loss", report.LogLoss),
            ("Cohen's kappa", report.CohensKappa),
            ("Matthews' correlation", report.MatthewsCorrelation),
            ($"Calibration error (ECE, {Calibration.BinCount} bins)", report.ExpectedCalibrationError)
        );
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
        Figures(
            text,
            ("Rows", report.Count),
            ("Subset accuracy", report.SubsetAccuracy),
            ("Hamming loss", report.HammingLoss),
            ("Mean average precision (macro)", report.MeanAveragePrecision),
            ("AUC (macro)", report.MacroAuc),
            ("Ranking average precision", report.RankingAveragePrecision),
            ("Log-loss", report.LogLoss)
        );
        return text.ToString();
    }

    public static string Of(RegressionReport report)
    {
        var text = new StringBuilder();
        Figures(
            text,
            ("Rows", report.Count),
            ("Mean absolute error", report.MeanAbsoluteError),
            ("Median absolute error", report.MedianAbsoluteError),
            ("Largest absolute error", report.MaximumError),
            ("Mean squared error", report.MeanSquaredError),
            ("Root mean squared error", report.RootMeanSquaredError),
            ("R2", report.RSquared),
            ("Explained variance", report.ExplainedVariance),
            ("Pearson's correlation", report.Correlation)
        );
        return text.ToString();
    }

    private static int Header(StringBuilder text, IReadOnlyList<ClassMetrics> classes)
    {
        int width = Math.Max("weighted avg".Length, classes.Max(c => c.Name.Length));
        text.Append(' ', width + 1)
            .Append(CultureInfo.InvariantCulture, $" {"precision", 9} {"recall", 9} {"f1-score", 9} {"support", 9}\n\n");
        foreach (ClassMetrics c in classes)
            Line(text, c.Name.PadLeft(width), c.Scores, c.Support);
        return width;
    }

    private static void Line(StringBuilder text, string name, PrecisionRecallF1 scores, long support) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"{name}  {scores.Precision, 9:F2} {scores.Recall, 9:F2} {scores.F1, 9:F2} {Number(support), 9}\n"
        );

    private static void Figures(StringBuilder text, params ReadOnlySpan<(string Name, IFormattable Value)> figures)
    {
        foreach ((string name, IFormattable value) in figures)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{name + ":", -36} {value.ToString(value is double ? "G4" : null, CultureInfo.InvariantCulture)}\n"
            );
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
