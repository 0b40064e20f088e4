using MLNetExtensions.Reports.Content;
using MLNetExtensions.Reports.Images;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Reports.Numbers;

/// <summary>The figures of a model of numbers as the report has them. They are those of <see cref="RegressionReport"/>.</summary>
internal static class RegressionFigures
{
    private const int ResidualBins = 21;

    public static RegressionContent Of(ScoredNumbers rows, IReadOnlyList<int> worst, Gallery gallery)
    {
        RegressionReport report = rows.Report;
        float mean = (float)rows.Targets.Average(target => (double)target);
        RegressionReport baseline = RegressionReport.Compute([.. Enumerable.Repeat(mean, rows.Targets.Length)], rows.Targets);
        return new RegressionContent
        {
            MeanAbsoluteError = report.MeanAbsoluteError,
            MedianAbsoluteError = report.MedianAbsoluteError,
            MaximumError = report.MaximumError,
            MeanSquaredError = report.MeanSquaredError,
            RootMeanSquaredError = report.RootMeanSquaredError,
            RSquared = report.RSquared,
            ExplainedVariance = report.ExplainedVariance,
            Correlation = Finite.OrNull(report.Correlation),
            Bias = Enumerable.Range(0, rows.Targets.Length).Average(rows.Error),
            Baseline = new NumberBaselineContent(mean, baseline.MeanAbsoluteError, baseline.RootMeanSquaredError),
            Residuals = Residuals(rows),
            WorstRows = [.. worst.Select(row => new NumberRowContent(row, gallery.PathOf(row), rows.Targets[row], rows.Predictions[row]))],
        };
    }

    /// <summary>Ranges of equal width on both sides of 0, as far as the largest error.</summary>
    private static ResidualBinContent[] Residuals(ScoredNumbers rows)
    {
        // Where all predictions are exact, ranges still need a width.
        double reach = rows.Report.MaximumError > 0 ? rows.Report.MaximumError : 1;
        double width = 2 * reach / ResidualBins;
        long[] counts = new long[ResidualBins];
        for (int row = 0; row < rows.Targets.Length; row++)
            counts[Math.Clamp((int)((rows.Error(row) + reach) / width), 0, ResidualBins - 1)]++;
        return [.. counts.Select((count, i) => new ResidualBinContent(-reach + (i * width), -reach + ((i + 1) * width), count))];
    }
}
