using MLNetExtensions.Reports.Labels;

namespace MLNetExtensions.Reports.Charts;

/// <summary>How probable labels are that rows have, and labels that they do not have.</summary>
internal static class LabelCharts
{
    private const int Bins = 20;

    public static IReadOnlyList<Chart> Of(ScoredLabelSets rows, double threshold) =>
        [
            Histogram(
                rows,
                has: true,
                threshold,
                "chart-present",
                "Labels that the rows have",
                "On the left of the mark, they are missed."
            ),
            Histogram(
                rows,
                has: false,
                threshold,
                "chart-absent",
                "Labels that the rows do not have",
                "On the right of the mark, they are predicted wrongly."
            ),
        ];

    private static Chart Histogram(ScoredLabelSets rows, bool has, double threshold, string id, string title, string description)
    {
        long[] counts = new long[Bins];
        for (int row = 0; row < rows.Count; row++)
        for (int label = 0; label < rows.Names.Count; label++)
            if (rows.Actual(row, label) == has)
                counts[Math.Min((int)(rows.Probability(row, label) * Bins), Bins - 1)]++;
        Axis x = Axis.Over([0, 1], Chart.Left, Chart.Right),
            y = Axis.Over(counts.Select(count => (double)count).Append(0), Chart.Bottom, Chart.Top, minimumStep: 1);
        return new Chart
        {
            Id = id,
            Title = title,
            Description = $"By the probability that the model gives them. {description}",
            XTitle = "probability",
            YTitle = "labels",
            XTicks = x.Ticks(),
            YTicks = y.Ticks(),
            Bars =
            [
                .. Enumerable
                    .Range(0, Bins)
                    .Where(bin => counts[bin] > 0)
                    .Select(bin =>
                        Columns.Of(
                            x,
                            y,
                            (double)bin / Bins,
                            (bin + 1.0) / Bins,
                            0,
                            counts[bin],
                            "plain",
                            $"{100 * bin / Bins} to {100 * (bin + 1) / Bins} %: {counts[bin]}"
                        )
                    ),
            ],
            Strokes = [new Stroke($"M{x.At(threshold)} {Chart.Top}V{Chart.Bottom}", "mark")],
        };
    }
}
