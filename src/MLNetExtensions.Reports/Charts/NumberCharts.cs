using MLNetExtensions.Reports.Content;

namespace MLNetExtensions.Reports.Charts;

/// <summary>Predicted and true numbers, and the errors.</summary>
internal static class NumberCharts
{
    // More dots cannot be told apart, and make the file large.
    private const int MostDots = 2000;

    public static IReadOnlyList<Chart> Of(RegressionContent content, float[] predictions, float[] targets) =>
        [Scatter(predictions, targets), Residuals(content)];

    private static Chart Scatter(float[] predictions, float[] targets)
    {
        // The same range on both sides, so that the diagonal is where both are equal.
        IEnumerable<double> all = predictions.Concat(targets).Select(value => (double)value);
        Axis x = Axis.Over(all, Chart.Left, Chart.Right),
            y = Axis.Over(all, Chart.Bottom, Chart.Top);
        int dots = Math.Min(targets.Length, MostDots);
        return new Chart
        {
            Id = "chart-scatter",
            Title = "Predicted and true numbers",
            Description =
                $"A dot for each of {dots} rows{(dots < targets.Length ? $" of {targets.Length}, evenly chosen" : "")}: on the diagonal, "
                + "the prediction is exact.",
            XTitle = "label",
            YTitle = "prediction",
            XTicks = x.Ticks(),
            YTicks = y.Ticks(),
            Strokes =
            [
                new Stroke(Lines.Between(x, y, x.Minimum, x.Minimum, x.Maximum, x.Maximum), "diagonal"),
                new Stroke(
                    Lines.Dots(
                        x,
                        y,
                        Enumerable
                            .Range(0, dots)
                            .Select(i => (int)((long)i * targets.Length / dots))
                            .Select(row => ((double)targets[row], (double)predictions[row]))
                    ),
                    "scatter"
                ),
            ],
        };
    }

    private static Chart Residuals(RegressionContent content)
    {
        IReadOnlyList<ResidualBinContent> bins = content.Residuals;
        Axis x = Axis.Over([bins[0].Lower, bins[^1].Upper], Chart.Left, Chart.Right),
            y = Axis.Over(bins.Select(bin => (double)bin.Count).Append(0), Chart.Bottom, Chart.Top, minimumStep: 1);
        return new Chart
        {
            Id = "chart-residuals",
            Title = "Errors",
            Description = "Rows by prediction - label: on the right of 0, the prediction is too large.",
            XTitle = "prediction - label",
            YTitle = "rows",
            XTicks = x.Ticks(),
            YTicks = y.Ticks(),
            Bars =
            [
                .. bins.Where(bin => bin.Count > 0)
                    .Select(bin =>
                        Columns.Of(x, y, bin.Lower, bin.Upper, 0, bin.Count, "plain", $"{bin.Lower:G4} to {bin.Upper:G4}: {bin.Count} rows")
                    ),
            ],
            Strokes = [new Stroke($"M{x.At(0)} {Chart.Top}V{Chart.Bottom}", "mark")],
        };
    }
}
