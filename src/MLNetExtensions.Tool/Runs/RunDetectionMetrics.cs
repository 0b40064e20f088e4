using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetExtensions.Tool.Runs;

/// <summary>What <c>metrics.json</c> says of a detector, by COCO's rules; null where there is nothing to measure.</summary>
/// <param name="Images">The number of images.</param>
/// <param name="MeanAveragePrecision">The mean average precision over classes and IoU thresholds of 0.5 to 0.95.</param>
/// <param name="MeanAveragePrecision50">That at an IoU of 0.5.</param>
/// <param name="MeanAveragePrecision75">That at an IoU of 0.75.</param>
/// <param name="SmallMeanAveragePrecision">That of objects of up to 32 x 32 pixels.</param>
/// <param name="MediumMeanAveragePrecision">That of objects of 32 x 32 to 96 x 96 pixels.</param>
/// <param name="LargeMeanAveragePrecision">That of larger ones.</param>
/// <param name="AverageRecall100">The mean recall with up to 100 boxes of each class an image.</param>
/// <param name="Classes">The figures of each class.</param>
/// <param name="Errors">The errors of boxes at an IoU of 0.5 (TIDE), and what each kind costs.</param>
internal sealed record RunDetectionMetrics(
    long Images,
    double? MeanAveragePrecision,
    double? MeanAveragePrecision50,
    double? MeanAveragePrecision75,
    double? SmallMeanAveragePrecision,
    double? MediumMeanAveragePrecision,
    double? LargeMeanAveragePrecision,
    double? AverageRecall100,
    IReadOnlyList<RunObjectMetrics> Classes,
    IReadOnlyDictionary<string, RunErrorMetrics> Errors
) : IRunMetrics
{
    string IRunMetrics.Headline =>
        $"mAP@0.5 {Text(MeanAveragePrecision50)} on {Images} images held out (mAP {Text(MeanAveragePrecision)}, recall "
        + $"{Text(AverageRecall100)})";

    IReadOnlyList<KeyValuePair<string, string>> IRunMetrics.Figures =>
        [new("mAP@0.5", Text(MeanAveragePrecision50)), new("mAP", Text(MeanAveragePrecision)), new("recall", Text(AverageRecall100))];

    IReadOnlyList<KeyValuePair<string, JsonNode?>> IRunMetrics.EndValues =>
        [new("meanAveragePrecision", MeanAveragePrecision), new("meanAveragePrecision50", MeanAveragePrecision50)];

    public RunStatus AddTo(RunStatus status) => status with { TestMeanAveragePrecision50 = MeanAveragePrecision50 };

    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Default.RunDetectionMetrics);

    private static string Text(double? fraction) => fraction?.ToString("P1", CultureInfo.InvariantCulture) ?? "-";
}
