using MLNetExtensions.Reports.Classes;
using MLNetExtensions.Reports.Content;
using MLNetExtensions.Reports.Images;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Metrics.Segmentation;

namespace MLNetExtensions.Reports.Pixels;

/// <summary>The figures of a segmentation network as the report has them. They are those of <see cref="SegmentationReport"/>.</summary>
internal static class SegmentationFigures
{
    public static SegmentationContent Of(ScoredMasks rows, Gallery gallery, MaskOverlay overlay)
    {
        SegmentationReport report = rows.Report;
        return new SegmentationContent
        {
            MeanIoU = Finite.OrNull(report.MeanIoU),
            PixelAccuracy = Finite.OrNull(report.PixelAccuracy),
            MeanAccuracy = Finite.OrNull(report.MeanAccuracy),
            MeanDice = Finite.OrNull(report.MeanDice),
            FrequencyWeightedIoU = Finite.OrNull(report.FrequencyWeightedIoU),
            MeanBoundaryF1 = Finite.OrNull(report.MeanBoundaryF1),
            Pixels = report.Pixels,
            IgnoredPixels = report.IgnoredPixels,
            Baseline = Baseline(report.Confusion),
            Classes =
            [
                .. report.Classes.Select(c => new PixelClassContent(
                    c.Name,
                    overlay.ColorOf(c.Name),
                    c.Support,
                    c.Predicted,
                    Finite.OrNull(c.IoU),
                    Finite.OrNull(c.Dice),
                    Finite.OrNull(c.Accuracy),
                    Finite.OrNull(c.Precision),
                    Finite.OrNull(c.BoundaryF1)
                )),
            ],
            Confusion = Confusions.Counts(report.Confusion),
            ConfusedPairs = Confusions.Pairs(report.Confusion),
            WorstImages =
            [
                .. rows.Worst.Select(row => new PixelImageContent(
                    row.Row,
                    gallery.PathOf(row.Row),
                    row.WrongFraction,
                    report.Classes[row.Actual].Name,
                    report.Classes[row.Predicted].Name
                )),
            ],
        };
    }

    /// <summary>The most frequent class for every pixel: its IoU is its share, that of the others 0.</summary>
    private static PixelBaselineContent Baseline(ClassConfusionMatrix confusion)
    {
        int most = Enumerable.Range(0, confusion.Classes.Count).MaxBy(c => confusion.Actual[c]);
        double share = confusion.Count == 0 ? 0 : (double)confusion.Actual[most] / confusion.Count;
        return new PixelBaselineContent(confusion.Classes[most], share, share / Math.Max(1, confusion.Actual.Count(pixels => pixels > 0)));
    }
}
