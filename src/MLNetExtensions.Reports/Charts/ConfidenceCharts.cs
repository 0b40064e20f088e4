using MLNetExtensions.Reports.Content;

namespace MLNetExtensions.Reports.Charts;

/// <summary>How sure the model is, and how right it is then.</summary>
internal static class ConfidenceCharts
{
    public static IReadOnlyList<Chart> Of(IReadOnlyList<CalibrationBinContent> bins) => [Histogram(bins), Reliability(bins)];

    private static Chart Histogram(IReadOnlyList<CalibrationBinContent> bins)
    {
        Axis x = Fractions(Chart.Left, Chart.Right),
            y = Axis.Over(bins.Select(bin => (double)bin.Count).Append(0), Chart.Bottom, Chart.Top, minimumStep: 1);
        List<Bar> bars = [];
        foreach (CalibrationBinContent bin in bins.Where(bin => bin.Count > 0))
        {
            string text = $"{bin.Lower:P0} to {bin.Upper:P0}: {bin.Count} rows, {bin.Correct} right, {bin.Count - bin.Correct} wrong";
            Add(bin.Correct, 0, "right");
            Add(bin.Count - bin.Correct, bin.Correct, "wrong");

            void Add(long count, long below, string style)
            {
                if (count > 0)
                    bars.Add(Columns.Of(x, y, bin.Lower, bin.Upper, below, below + count, style, text));
            }
        }
        return new Chart
        {
            Id = "chart-confidence",
            Title = "How sure the model is",
            Description = $"Rows by the probability of their predicted class, right and wrong ones; most have {Most(bins)}.",
            XTitle = "probability of the predicted class",
            YTitle = "rows",
            XTicks = x.Ticks(100, " %"),
            YTicks = y.Ticks(),
            Bars = bars,
            Legend = [new LegendEntry("right", "right"), new LegendEntry("wrong", "wrong")],
        };
    }

    private static Chart Reliability(IReadOnlyList<CalibrationBinContent> bins)
    {
        Axis x = Fractions(Chart.Left, Chart.Right),
            y = Fractions(Chart.Bottom, Chart.Top);
        CalibrationBinContent[] filled = [.. bins.Where(bin => bin.Count > 0)];
        return new Chart
        {
            Id = "chart-reliability",
            Title = "Probability and fraction right",
            Description = "The fraction of rows that are right, by the probability of the predicted class. On the diagonal, both agree.",
            XTitle = "probability of the predicted class",
            YTitle = "fraction right",
            XTicks = x.Ticks(100, " %"),
            YTicks = y.Ticks(100, " %"),
            Bars =
            [
                .. filled.Select(bin =>
                    Columns.Of(
                        x,
                        y,
                        bin.Lower,
                        bin.Upper,
                        0,
                        bin.Accuracy!.Value,
                        "plain",
                        $"{bin.Count} rows: probability {bin.Confidence!.Value:P1}, right {bin.Accuracy.Value:P1}"
                    )
                ),
            ],
            Strokes =
            [
                new Stroke(Lines.Between(x, y, 0, 0, 1, 1), "diagonal"),
                new Stroke(Lines.Dots(x, y, filled.Select(bin => (bin.Confidence!.Value, bin.Accuracy!.Value))), "series-1 dots"),
            ],
            Legend = [new LegendEntry("diagonal", "perfectly calibrated"), new LegendEntry("plain", "this model")],
        };
    }

    private static Axis Fractions(double first, double last) => Axis.Between(0, 1, 0.2, first, last);

    private static string Most(IReadOnlyList<CalibrationBinContent> bins)
    {
        CalibrationBinContent most = bins.MaxBy(bin => bin.Count)!;
        return $"{most.Lower:P0} to {most.Upper:P0}";
    }
}
