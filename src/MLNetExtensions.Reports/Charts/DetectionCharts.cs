using MLNetExtensions.Reports.Content;

namespace MLNetExtensions.Reports.Charts;

/// <summary>Precision by recall, and what errors cost.</summary>
internal static class DetectionCharts
{
    // More lines cannot be told apart.
    private const int MostClasses = 8;

    public static IReadOnlyList<Chart> Of(DetectionContent content) =>
        content.Precision50.Count == 0 ? [] : [Mean(content), Classes(content), Errors(content)];

    private static Chart Mean(DetectionContent content) =>
        Curves(
            "chart-precision",
            "Precision and recall",
            "The precision at each recall, the mean of the classes: of boxes that cover an object by half (IoU 0.5), and by three quarters.",
            [("series-1", "IoU 0.5", content.Precision50), ("series-2", "IoU 0.75", content.Precision75)]
        );

    private static Chart Classes(DetectionContent content) =>
        Curves(
            "chart-classes",
            "Precision and recall of classes",
            "The precision at each recall of each class, of boxes with an IoU of 0.5.",
            [
                .. content
                    .Classes.Where(c => c.Support > 0)
                    .OrderByDescending(c => c.Support)
                    .Take(MostClasses)
                    .Select((c, i) => ($"class-{i + 1}", c.Name, c.Precision50)),
            ]
        );

    private static Chart Curves(
        string id,
        string title,
        string description,
        IReadOnlyList<(string Style, string Name, IReadOnlyList<double> Precision)> series
    )
    {
        Axis x = Axis.Between(0, 1, 0.2, Chart.Left, Chart.Right),
            y = Axis.Between(0, 1, 0.2, Chart.Bottom, Chart.Top);
        return new Chart
        {
            Id = id,
            Title = title,
            Description = description,
            XTitle = "recall",
            YTitle = "precision",
            XTicks = x.Ticks(100, " %"),
            YTicks = y.Ticks(100, " %"),
            Strokes =
            [
                .. series.Select(line => new Stroke(
                    Lines.Through(x, y, line.Precision.Select((precision, step) => (step / 100.0, (double?)precision))),
                    line.Style
                )),
            ],
            Legend = [.. series.Select(line => new LegendEntry(line.Style, line.Name))],
        };
    }

    private static Chart Errors(DetectionContent content)
    {
        int count = content.Errors.Count;
        Axis x = Axis.Between(0, count, 1, Chart.Left, Chart.Right),
            y = Axis.Over(content.Errors.Select(error => error.Cost).Append(0), Chart.Bottom, Chart.Top, minimumStep: 0.01);
        return new Chart
        {
            Id = "chart-errors",
            Title = "What errors cost",
            Description =
                "The mean average precision at an IoU of 0.5 that would be gained if no box had the error, or no object was missed.",
            XTitle = "kind of error (TIDE)",
            YTitle = "mAP gained without it",
            XTicks = [.. content.Errors.Select((error, i) => new Tick(x.At(i + 0.5), Short(error.Name)))],
            YTicks = y.Ticks(100, " %"),
            Bars =
            [
                .. content.Errors.Select(
                    (error, i) =>
                        Columns.Of(
                            x,
                            y,
                            i + 0.15,
                            i + 0.85,
                            0,
                            error.Cost,
                            "wrong",
                            $"{error.Name}: {error.Count}, costs {error.Cost:P1} mAP"
                        )
                ),
            ],
        };
    }

    // A tick has room for some eight letters.
    private static string Short(string name) => name.Length <= 7 ? name : $"{name[..6]}.";
}
