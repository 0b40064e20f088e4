using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Training.Metrics.Segmentation;

namespace MLNetExtensions.Tool.Evaluating;

/// <summary>Reports of segmentation networks as what metrics.json holds.</summary>
internal static class SegmentationMetrics
{
    public static RunSegmentationMetrics Of(SegmentationReport report) =>
        new(
            report.Count,
            Defined.OrNull(report.MeanIoU),
            Defined.OrNull(report.PixelAccuracy),
            Defined.OrNull(report.MeanAccuracy),
            Defined.OrNull(report.MeanDice),
            Defined.OrNull(report.FrequencyWeightedIoU),
            Defined.OrNull(report.MeanBoundaryF1),
            [
                .. report.Classes.Select(c => new RunPixelMetrics(
                    c.Name,
                    c.Support,
                    Defined.OrNull(c.IoU),
                    Defined.OrNull(c.Dice),
                    Defined.OrNull(c.Accuracy),
                    Defined.OrNull(c.Precision),
                    Defined.OrNull(c.BoundaryF1)
                )),
            ],
            [
                .. Enumerable
                    .Range(0, report.Classes.Count)
                    .Select(row =>
                        (IReadOnlyList<long>)[.. Enumerable.Range(0, report.Classes.Count).Select(c => report.Confusion[row, c])]
                    ),
            ]
        );
}
