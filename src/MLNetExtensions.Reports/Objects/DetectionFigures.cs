using MLNetExtensions.Reports.Content;
using MLNetExtensions.Reports.Images;
using MLNetExtensions.Training.Metrics.Detections;

namespace MLNetExtensions.Reports.Objects;

/// <summary>The figures of a detector as the report has them. They are those of <see cref="DetectionReport"/>.</summary>
internal static class DetectionFigures
{
    public static DetectionContent Of(ScoredObjects rows, IReadOnlyList<int> worst, Gallery gallery, double shownScore)
    {
        DetectionReport report = rows.Report;
        ImageErrors[] errors = [.. Enumerable.Range(0, rows.Count).Select(rows.Errors)];
        return new DetectionContent
        {
            MeanAveragePrecision = Finite.OrNull(report.MeanAveragePrecision),
            MeanAveragePrecision50 = Finite.OrNull(report.MeanAveragePrecision50),
            MeanAveragePrecision75 = Finite.OrNull(report.MeanAveragePrecision75),
            SmallMeanAveragePrecision = Finite.OrNull(report.SmallMeanAveragePrecision),
            MediumMeanAveragePrecision = Finite.OrNull(report.MediumMeanAveragePrecision),
            LargeMeanAveragePrecision = Finite.OrNull(report.LargeMeanAveragePrecision),
            AverageRecall1 = Finite.OrNull(report.AverageRecall1),
            AverageRecall10 = Finite.OrNull(report.AverageRecall10),
            AverageRecall100 = Finite.OrNull(report.AverageRecall100),
            Objects = report.Classes.Sum(c => c.Support),
            ShownScore = shownScore,
            Right = errors.Sum(image => (long)image.Right),
            Wrong = errors.Sum(image => (long)image.Wrong),
            Classes = [.. report.Classes.Select(Class)],
            Errors = Errors(report.Errors),
            Precision50 = report.MeanPrecision50,
            Precision75 = report.MeanPrecision75,
            WorstImages =
            [
                .. worst.Select(row => new ObjectImageContent(
                    row,
                    gallery.PathOf(row),
                    rows.Errors(row).Missed,
                    rows.Errors(row).Wrong,
                    [.. Boxes(rows, row)]
                )),
            ],
            Mistakes = errors.Count(image => image.Cost > 0),
        };
    }

    private static ObjectClassContent Class(DetectionClassMetrics c)
    {
        // The curve's steps are recalls of 0, 0.01 to 1.
        (double F1, int Step)[] steps =
        [
            .. c
                .Precision50.Select((precision, step) => (2 * precision * step / 100 / (precision + (step / 100.0)), step))
                .Where(s => s.Item1 > 0),
        ];
        int? best = steps.Length == 0 ? null : steps.MaxBy(step => step.F1).Step;
        return new ObjectClassContent(
            c.Name,
            c.Support,
            c.Predicted,
            Finite.OrNull(c.AveragePrecision),
            Finite.OrNull(c.AveragePrecision50),
            Finite.OrNull(c.AverageRecall),
            best is { } at ? Finite.OrNull(c.Score50[at]) : null,
            best is { } there ? c.Precision50[there] : null,
            best / 100.0,
            c.Precision50
        );
    }

    private static ErrorContent[] Errors(DetectionErrors errors) =>
        [
            Error("Classification", "the box is right, the class is not", errors.Classification),
            Error("Localization", "the class is right, the box is near", errors.Localization),
            Error("Both", "the class is wrong, and the box is near", errors.Both),
            Error("Duplicate", "a better box is on the object", errors.Duplicate),
            Error("Background", "the box is on no object", errors.Background),
            Error("Missed", "objects that no box is on", errors.Missed),
        ];

    private static ErrorContent Error(string name, string meaning, DetectionError error) =>
        new(name, meaning, error.Count, error.DeltaAveragePrecision);

    /// <summary>The objects of a row, then its boxes, the best last: on top of the others.</summary>
    private static IEnumerable<BoxContent> Boxes(ScoredObjects rows, int row)
    {
        ImageBoxes image = rows.Image(row);
        ImageErrors errors = rows.Errors(row);
        for (int i = 0; i < image.Classes.Length; i++)
            if (image.IsCrowd?[i] != true)
                yield return Of(errors.IsFound(i) ? "found" : "missed", image.Classes[i], null, Box.At(image.Boxes, i));
        foreach (int box in Enumerable.Range(0, image.FoundScores.Length).OrderBy(i => image.FoundScores[i]))
            if (errors.IsRight(box) is { } isRight)
                yield return Of(
                    isRight ? "right" : "wrong",
                    image.FoundClasses[box],
                    image.FoundScores[box],
                    Box.At(image.FoundBoxes, box)
                );

        BoxContent Of(string kind, int label, double? score, Box box) =>
            new(kind, rows.Classes[label], score, box.Left, box.Top, box.Right, box.Bottom);
    }
}
