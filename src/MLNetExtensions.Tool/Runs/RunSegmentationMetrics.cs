using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetExtensions.Tool.Runs;

/// <summary>What <c>metrics.json</c> says of a segmentation network.</summary>
/// <param name="Images">The number of images.</param>
/// <param name="MeanIoU">The mean intersection over union of the classes that are true or predicted somewhere.</param>
/// <param name="PixelAccuracy">The fraction of pixels whose class is right.</param>
/// <param name="MeanAccuracy">The mean, over classes, of the fraction of true pixels that is right.</param>
/// <param name="MeanDice">The mean Dice of the classes.</param>
/// <param name="FrequencyWeightedIoU">The mean IoU, each class weighted by its true pixels.</param>
/// <param name="MeanBoundaryF1">The mean F1 of the classes' outlines; null where there are none.</param>
/// <param name="Classes">The figures of each class.</param>
/// <param name="Confusion">The number of pixels of each class (rows) that were predicted as each class (columns).</param>
internal sealed record RunSegmentationMetrics(
    long Images,
    double? MeanIoU,
    double? PixelAccuracy,
    double? MeanAccuracy,
    double? MeanDice,
    double? FrequencyWeightedIoU,
    double? MeanBoundaryF1,
    IReadOnlyList<RunPixelMetrics> Classes,
    IReadOnlyList<IReadOnlyList<long>> Confusion
) : IRunMetrics
{
    string IRunMetrics.Headline =>
        $"Mean IoU {Text(MeanIoU)} on {Images} images held out (pixels right {Text(PixelAccuracy)}, mean of the classes {Text(MeanAccuracy)})";

    IReadOnlyList<KeyValuePair<string, string>> IRunMetrics.Figures =>
        [new("mean IoU", Text(MeanIoU)), new("pixels right", Text(PixelAccuracy)), new("boundary F1", Text(MeanBoundaryF1))];

    IReadOnlyList<KeyValuePair<string, JsonNode?>> IRunMetrics.EndValues => [new("meanIoU", MeanIoU), new("pixelAccuracy", PixelAccuracy)];

    public RunStatus AddTo(RunStatus status) => status with { TestMeanIoU = MeanIoU };

    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Default.RunSegmentationMetrics);

    private static string Text(double? fraction) => fraction?.ToString("P1", CultureInfo.InvariantCulture) ?? "-";
}
