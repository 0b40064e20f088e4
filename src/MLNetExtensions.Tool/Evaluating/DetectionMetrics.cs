using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Training.Metrics.Detections;

namespace MLNetExtensions.Tool.Evaluating;

/// <summary>Reports of detectors as what metrics.json holds.</summary>
internal static class DetectionMetrics
{
    public static RunDetectionMetrics Of(DetectionReport report) =>
        new(
            report.Count,
            Defined.OrNull(report.MeanAveragePrecision),
            Defined.OrNull(report.MeanAveragePrecision50),
            Defined.OrNull(report.MeanAveragePrecision75),
            Defined.OrNull(report.SmallMeanAveragePrecision),
            Defined.OrNull(report.MediumMeanAveragePrecision),
            Defined.OrNull(report.LargeMeanAveragePrecision),
            Defined.OrNull(report.AverageRecall100),
            [
                .. report.Classes.Select(c => new RunObjectMetrics(
                    c.Name,
                    c.Support,
                    c.Predicted,
                    Defined.OrNull(c.AveragePrecision),
                    Defined.OrNull(c.AveragePrecision50),
                    Defined.OrNull(c.AverageRecall)
                )),
            ],
            new Dictionary<string, RunErrorMetrics>
            {
                ["classification"] = Error(report.Errors.Classification),
                ["localization"] = Error(report.Errors.Localization),
                ["both"] = Error(report.Errors.Both),
                ["duplicate"] = Error(report.Errors.Duplicate),
                ["background"] = Error(report.Errors.Background),
                ["missed"] = Error(report.Errors.Missed),
            }
        );

    private static RunErrorMetrics Error(DetectionError error) => new(error.Count, error.DeltaAveragePrecision);
}
