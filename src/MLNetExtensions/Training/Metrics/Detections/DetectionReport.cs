using System.Globalization;
using System.Text;

namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>
/// The metrics of an object detector over a whole set of images, with COCO's definitions (pycocotools' COCOeval for boxes).
/// <see cref="ToString()"/> prints them.
/// </summary>
public sealed class DetectionReport
{
    // COCO counts the 100 best boxes of an image.
    private const int MostBoxes = 100;

    // 0.5, 0.55 to 0.95, with NumPy's rounding.
    private static readonly double[] Thresholds = [.. Enumerable.Range(0, 9).Select(i => 0.5 + (i * ((0.95 - 0.5) / 9))), 0.95];

    private DetectionReport(IReadOnlyList<ImageBoxes> images, IReadOnlyList<string> classes, long others)
    {
        Count = images.Count;
        DetectionsOfOtherClasses = others;
        BoxMatching[][] matchings = [.. classes.Select((_, label) => images.Select(i => new BoxMatching(i, label, MostBoxes)).ToArray())];
        ClassEvaluation[] all = Evaluate(matchings, AreaRange.All);
        MeanAveragePrecision = Mean(all, c => c.AveragePrecision());
        MeanAveragePrecision50 = Mean(all, c => c.AveragePrecision(0));
        MeanAveragePrecision75 = Mean(all, c => c.AveragePrecision(5));
        AverageRecall1 = Mean(all, c => c.AverageRecall(1));
        AverageRecall10 = Mean(all, c => c.AverageRecall(10));
        AverageRecall100 = Mean(all, c => c.AverageRecall(MostBoxes));
        ClassEvaluation[] small = Evaluate(matchings, AreaRange.Small),
            medium = Evaluate(matchings, AreaRange.Medium),
            large = Evaluate(matchings, AreaRange.Large);
        SmallMeanAveragePrecision = Mean(small, c => c.AveragePrecision());
        MediumMeanAveragePrecision = Mean(medium, c => c.AveragePrecision());
        LargeMeanAveragePrecision = Mean(large, c => c.AveragePrecision());
        SmallAverageRecall = Mean(small, c => c.AverageRecall(MostBoxes));
        MediumAverageRecall = Mean(medium, c => c.AverageRecall(MostBoxes));
        LargeAverageRecall = Mean(large, c => c.AverageRecall(MostBoxes));
        MeanPrecision50 = MeanCurve(all, 0);
        MeanPrecision75 = MeanCurve(all, 5);
        Errors = ErrorRepair.Errors(images, classes.Count, MostBoxes);
        Classes =
        [
            .. classes.Select(
                (name, label) =>
                    new DetectionClassMetrics(
                        name,
                        all[label].AveragePrecision(),
                        all[label].AveragePrecision(0),
                        all[label].AverageRecall(MostBoxes),
                        all[label].Objects,
                        images.Sum(image => (long)image.FoundClasses.Count(c => c == label)),
                        all[label].Objects == 0 ? [] : all[label].Curve(0),
                        all[label].Objects == 0 ? [] : all[label].Scores(0)
                    )
            ),
        ];
    }

    /// <summary>The number of images.</summary>
    public long Count { get; }

    /// <summary>The mean average precision (mAP) over classes and IoU thresholds of 0.5, 0.55 to 0.95; NaN if there are no objects.</summary>
    public double MeanAveragePrecision { get; }

    /// <summary>The mean average precision at an IoU of 0.5 (Pascal VOC's rule, with COCO's 101 recalls).</summary>
    public double MeanAveragePrecision50 { get; }

    /// <summary>The mean average precision at an IoU of 0.75.</summary>
    public double MeanAveragePrecision75 { get; }

    /// <summary>The mean average precision of objects of up to 32 x 32 pixels; NaN if there are none.</summary>
    public double SmallMeanAveragePrecision { get; }

    /// <summary>The mean average precision of objects of 32 x 32 to 96 x 96 pixels; NaN if there are none.</summary>
    public double MediumMeanAveragePrecision { get; }

    /// <summary>The mean average precision of objects of 96 x 96 pixels and more; NaN if there are none.</summary>
    public double LargeMeanAveragePrecision { get; }

    /// <summary>The mean recall, over classes and IoU thresholds, with one box of each class an image.</summary>
    public double AverageRecall1 { get; }

    /// <summary>The mean recall with up to 10 boxes of each class an image.</summary>
    public double AverageRecall10 { get; }

    /// <summary>The mean recall with up to 100 boxes of each class an image.</summary>
    public double AverageRecall100 { get; }

    /// <summary>The mean recall of objects of up to 32 x 32 pixels, with up to 100 boxes; NaN if there are none.</summary>
    public double SmallAverageRecall { get; }

    /// <summary>The mean recall of objects of 32 x 32 to 96 x 96 pixels, with up to 100 boxes; NaN if there are none.</summary>
    public double MediumAverageRecall { get; }

    /// <summary>The mean recall of objects of 96 x 96 pixels and more, with up to 100 boxes; NaN if there are none.</summary>
    public double LargeAverageRecall { get; }

    /// <summary>
    /// The precision-recall curve at an IoU of 0.5: the mean, over classes with objects, of the highest precision at a recall of at least
    /// 0, 0.01 to 1; empty without objects.
    /// </summary>
    public IReadOnlyList<double> MeanPrecision50 { get; }

    /// <summary>The precision-recall curve at an IoU of 0.75, like <see cref="MeanPrecision50"/>.</summary>
    public IReadOnlyList<double> MeanPrecision75 { get; }

    /// <summary>The errors that the boxes have, and what each kind costs.</summary>
    public DetectionErrors Errors { get; }

    /// <summary>The metrics of each class, in the order of the label's keys.</summary>
    public IReadOnlyList<DetectionClassMetrics> Classes { get; }

    /// <summary>The number of boxes of classes that the label does not have. They are not compared with anything.</summary>
    public long DetectionsOfOtherClasses { get; }

    /// <summary>Formats the report: COCO's summary, and a line for each class.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        int width = Math.Max("class".Length, Classes.Max(c => c.Name.Length));
        text.Append(
            CultureInfo.InvariantCulture,
            $"{"class".PadLeft(width)}  {"AP", 9} {"AP50", 9} {"AR", 9} {"objects", 9} {"found", 9}\n\n"
        );
        foreach (DetectionClassMetrics c in Classes)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{c.Name.PadLeft(width)}  {c.AveragePrecision, 9:F3} {c.AveragePrecision50, 9:F3} {c.AverageRecall, 9:F3} "
                    + $"{c.Support, 9} {c.Predicted, 9}\n"
            );
        text.Append('\n');
        foreach (
            (string name, double value) in new[]
            {
                ("mAP, IoU 0.50 to 0.95", MeanAveragePrecision),
                ("mAP, IoU 0.50", MeanAveragePrecision50),
                ("mAP, IoU 0.75", MeanAveragePrecision75),
                ("mAP of small objects", SmallMeanAveragePrecision),
                ("mAP of medium objects", MediumMeanAveragePrecision),
                ("mAP of large objects", LargeMeanAveragePrecision),
                ("Recall, 1 box an image", AverageRecall1),
                ("Recall, 10 boxes an image", AverageRecall10),
                ("Recall, 100 boxes an image", AverageRecall100),
            }
        )
            text.Append(CultureInfo.InvariantCulture, $"{name + ":", -36} {value:F3}\n");
        text.Append(CultureInfo.InvariantCulture, $"\n{"error at IoU 0.50", -16} {"boxes", 9} {"costs AP", 9}\n");
        foreach (
            (string name, DetectionError error) in new[]
            {
                ("Classification", Errors.Classification),
                ("Localization", Errors.Localization),
                ("Both", Errors.Both),
                ("Duplicate", Errors.Duplicate),
                ("Background", Errors.Background),
                ("Missed objects", Errors.Missed),
            }
        )
            text.Append(CultureInfo.InvariantCulture, $"{name, -17} {error.Count, 8} {error.DeltaAveragePrecision, 9:F3}\n");
        return text.ToString();
    }

    /// <summary>Measures found boxes.</summary>
    /// <param name="images">The images.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="others">The number of boxes of other classes, which were left out.</param>
    internal static DetectionReport Compute(IReadOnlyList<ImageBoxes> images, IReadOnlyList<string> classes, long others = 0) =>
        new(images, classes, others);

    private static ClassEvaluation[] Evaluate(BoxMatching[][] matchings, AreaRange range) =>
        [
            .. matchings.Select(images =>
            {
                List<FoundBox> found = [];
                int objects = images.Sum(image => image.Match(range, Thresholds, found));
                return new ClassEvaluation(found, objects, Thresholds.Length);
            }),
        ];

    private static double[] MeanCurve(ClassEvaluation[] classes, int threshold)
    {
        double[][] curves = [.. classes.Where(c => c.Objects > 0).Select(c => c.Curve(threshold))];
        return curves.Length == 0 ? [] : [.. curves[0].Select((_, step) => curves.Average(curve => curve[step]))];
    }

    private static double Mean(ClassEvaluation[] classes, Func<ClassEvaluation, double> of) =>
        classes.Where(c => c.Objects > 0).Select(of).DefaultIfEmpty(double.NaN).Average();
}
