using MLNetExtensions.Reports.Content;
using MLNetExtensions.Reports.Images;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Classes;

/// <summary>The figures of a classifier as the report has them. They are those of <see cref="ClassificationReport"/>.</summary>
internal static class ClassificationFigures
{
    public static ClassificationContent Of(ScoredClasses rows, IReadOnlyList<int> worst, Gallery gallery)
    {
        ClassificationReport report = rows.Report;
        ClassConfusionMatrix confusion = report.Confusion;
        ClassBaselineContent baseline = ClassBaseline.Of(report);
        int topK = report.Classes.Count < 7 ? Math.Min(2, report.Classes.Count) : 5;
        return new ClassificationContent
        {
            Correct = confusion.Correct,
            Accuracy = report.Accuracy,
            AccuracyInterval = WilsonInterval.Of(confusion.Correct, report.Count),
            TopK = topK,
            TopKAccuracy = report.TopKAccuracy(topK),
            BalancedAccuracy = report.BalancedAccuracy,
            Macro = AverageContent.Of(report.Macro),
            Weighted = AverageContent.Of(report.Weighted),
            MacroAuc = Finite.OrNull(report.MacroAuc),
            LogLoss = report.LogLoss,
            LogLossReduction = Finite.OrNull((baseline.LogLoss - report.LogLoss) / baseline.LogLoss),
            CohensKappa = Finite.OrNull(report.CohensKappa),
            MatthewsCorrelation = report.MatthewsCorrelation,
            ExpectedCalibrationError = report.ExpectedCalibrationError,
            Baseline = baseline,
            Classes = [.. report.Classes.Select(ClassContent.Of)],
            Confusion = Confusions.Counts(confusion),
            ConfusedPairs = Confusions.Pairs(confusion),
            Calibration =
            [
                .. report.Calibration.Bins.Select(bin => new CalibrationBinContent(
                    bin.Lower,
                    bin.Upper,
                    bin.Count,
                    bin.Count == 0 ? 0 : (long)Math.Round(bin.Accuracy * bin.Count),
                    Finite.OrNull(bin.Confidence),
                    Finite.OrNull(bin.Accuracy)
                )),
            ],
            Mistakes = confusion.Count - confusion.Correct,
            WorstMistakes =
            [
                .. worst.Select(row => new MistakeContent(
                    row,
                    gallery.PathOf(row),
                    confusion.Classes[rows.Actual(row)],
                    confusion.Classes[rows.Predicted(row)],
                    rows.Confidence(row),
                    rows.Probability(row, rows.Actual(row))
                )),
            ],
        };
    }
}
