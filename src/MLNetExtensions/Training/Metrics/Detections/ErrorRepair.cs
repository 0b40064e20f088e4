namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>Mends the errors of boxes, a kind at a time, and tells what is gained.</summary>
internal static class ErrorRepair
{
    public static DetectionErrors Errors(IReadOnlyList<ImageBoxes> images, int classes, int most)
    {
        var search = new ErrorSearch(images, most);
        int[] objects = new int[classes],
            missed = new int[classes],
            notFound = new int[classes];
        foreach (ErrorObject o in search.Objects)
        {
            objects[o.Class]++;
            notFound[o.Class] += o.IsFound ? 0 : 1;
            missed[o.Class] += IsMissed(o) ? 1 : 0;
        }
        int[] counting = [.. Enumerable.Range(0, classes).Where(label => objects[label] > 0)];
        double before = Precision(search.Boxes.Select(AsFound), objects);

        return new DetectionErrors
        {
            Classification = Mended(DetectionErrorKind.Classification),
            Localization = Mended(DetectionErrorKind.Localization),
            Both = Mended(DetectionErrorKind.Both),
            Duplicate = Mended(DetectionErrorKind.Duplicate),
            Background = Mended(DetectionErrorKind.Background),
            Missed = new DetectionError(missed.Sum(), Math.Max(0, Precision(search.Boxes.Select(AsFound), Less(objects, missed)) - before)),
            FalsePositiveDelta =
                Precision(search.Boxes.Select(AsFound).Select(box => box with { Score = box.IsRight ? 1 : 0 }), objects) - before,
            FalseNegativeDelta = Precision(search.Boxes.Select(AsFound), Less(objects, notFound)) - before,
        };

        // A gain below zero comes of the steps of the curve.
        DetectionError Mended(DetectionErrorKind kind) =>
            new(
                search.Boxes.Count(box => box.Error == kind),
                Math.Max(
                    0,
                    Precision(search.Boxes.Where(box => box.Error != kind || IsMendable(box)).Select(box => Mend(box, kind)), objects)
                        - before
                )
            );

        double Precision(IEnumerable<Outcome> boxes, int[] objectsOf)
        {
            ILookup<int, Outcome> byClass = boxes.ToLookup(box => box.Class);
            return counting
                .Select(label =>
                    objectsOf[label] == 0
                        ? 0
                        : new ClassEvaluation(
                            [.. byClass[label].Select(box => new FoundBox(box.Score, 0, box.IsRight ? 1 : 0, 0))],
                            objectsOf[label],
                            thresholds: 1
                        ).AveragePrecision(0)
                )
                .DefaultIfEmpty(double.NaN)
                .Average();
        }
    }

    private static bool IsMissed(ErrorObject o) => !o.IsFound && o.Nearest is null;

    private static bool IsMendable(ErrorBox box) => box.Object is { } o && ReferenceEquals(o.Nearest, box);

    private static Outcome AsFound(ErrorBox box) => new(box.Class, box.Score, box.Error == DetectionErrorKind.None);

    private static Outcome Mend(ErrorBox box, DetectionErrorKind kind) =>
        box.Error == kind ? new Outcome(box.Object!.Class, box.Score, IsRight: true) : AsFound(box);

    private static int[] Less(int[] objects, int[] without) => [.. objects.Zip(without, (all, less) => all - less)];

    private readonly record struct Outcome(int Class, float Score, bool IsRight);
}
