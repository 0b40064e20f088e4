using MLNetExtensions.Reports.Content;

namespace MLNetExtensions.Reports.Charts;

/// <summary>The curves of a training run, with the epoch marked that the model has its weights of.</summary>
internal static class TrainingCharts
{
    public static IReadOnlyList<Chart> Of(TrainingContent training)
    {
        IReadOnlyList<EpochContent> epochs = training.Epochs;
        List<Chart> charts = [];
        Add("loss", "Loss", "loss", 1, "", ("series-1", "training", e => e.TrainLoss), ("series-2", "validation", e => e.ValidationLoss));
        Add("accuracy", "Validation accuracy", "accuracy", 100, " %", ("series-2", "validation", e => e.ValidationAccuracy));
        Add(
            "map",
            "Validation mAP@0.5",
            "mean average precision",
            100,
            " %",
            ("series-2", "validation", e => e.ValidationMeanAveragePrecision50)
        );
        Add("iou", "Validation mean IoU", "mean IoU", 100, " %", ("series-2", "validation", e => e.ValidationMeanIoU));
        Add("error", "Validation error", "mean absolute error", 1, "", ("series-2", "validation", e => e.ValidationMeanAbsoluteError));
        return charts;

        void Add(
            string id,
            string title,
            string yTitle,
            double scale,
            string suffix,
            params (string Style, string Name, Func<EpochContent, double?> Value)[] series
        )
        {
            series = [.. series.Where(one => epochs.Any(epoch => one.Value(epoch) is not null))];
            if (series.Length == 0)
                return;
            Axis x = EpochAxis(epochs.Count);
            Axis y = Axis.Over(series.SelectMany(one => epochs.Select(one.Value)).OfType<double>(), Chart.Bottom, Chart.Top);
            List<Stroke> strokes = [.. Phases(epochs, x)];
            List<Note> notes = [];
            string marked = "";
            if (training.BestEpoch is { } best)
            {
                string at = x.At(best + 1);
                bool isRight = best > epochs.Count / 2;
                strokes.Add(new Stroke($"M{at} {Chart.Top}V{Chart.Bottom}", "mark"));
                notes.Add(
                    new Note(
                        Axis.Text(x.Place(best + 1) + (isRight ? -5 : 5)),
                        Axis.Text(Chart.Top + 10),
                        $"best: epoch {best + 1}",
                        isRight ? "end" : "start"
                    )
                );
                marked = $" Epoch {best + 1} is the best one.";
            }
            foreach ((string style, _, Func<EpochContent, double?> value) in series)
            {
                strokes.Add(new Stroke(Lines.Through(x, y, epochs.Select((epoch, i) => (i + 1.0, value(epoch)))), style));
                // A single epoch is a dot.
                if (epochs.Count == 1 && value(epochs[0]) is { } only)
                    strokes.Add(new Stroke(Lines.Dots(x, y, [(1, only)]), $"{style} dots"));
            }
            charts.Add(
                new Chart
                {
                    Id = $"chart-{id}",
                    Title = title,
                    Description = $"{title} over {epochs.Count} epochs.{marked} The table of epochs has the numbers.",
                    XTitle = "epoch",
                    YTitle = yTitle,
                    XTicks = x.Ticks(),
                    YTicks = y.Ticks(scale, suffix),
                    Strokes = strokes,
                    Notes = notes,
                    Legend = series.Length < 2 ? [] : [.. series.Select(one => new LegendEntry(one.Style, one.Name))],
                }
            );
        }
    }

    // Whole numbers only, from the first to the last epoch.
    private static Axis EpochAxis(int epochs)
    {
        int step = 1;
        foreach (int candidate in new[] { 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 10_000, 100_000 })
            if (epochs / (step = candidate) <= 7)
                break;
        return Axis.Between(
            step == 1 ? 1 : 0,
            step == 1 ? Math.Max(2, epochs) : step * Math.Ceiling((double)epochs / step),
            step,
            Chart.Left,
            Chart.Right
        );
    }

    /// <summary>A line where another part of the run begins: the backbone, after the head.</summary>
    private static IEnumerable<Stroke> Phases(IReadOnlyList<EpochContent> epochs, Axis x)
    {
        for (int i = 1; i < epochs.Count; i++)
            if (epochs[i].Phase != epochs[i - 1].Phase)
                yield return new Stroke($"M{x.At(i + 0.5)} {Chart.Top}V{Chart.Bottom}", "phase");
    }
}
