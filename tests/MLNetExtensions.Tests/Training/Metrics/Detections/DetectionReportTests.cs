using System.Text.Json;
using MLNetExtensions.TestData;
using MLNetExtensions.Training.Metrics.Detections;
using Xunit;

namespace MLNetExtensions.Tests.Training.Metrics.Detections;

public sealed class DetectionReportTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    [Fact]
    public void The_figures_are_those_of_the_reference()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf("detection.json")));
        ImageBoxes[] images = [.. json.RootElement.GetProperty("images").EnumerateArray().Select(Image)];
        JsonElement expected = json.RootElement.GetProperty("expected");

        DetectionReport report = DetectionReport.Compute(images, Names);

        foreach (
            (string name, double actual) in new[]
            {
                ("ap", report.MeanAveragePrecision),
                ("ap50", report.MeanAveragePrecision50),
                ("ap75", report.MeanAveragePrecision75),
                ("aps", report.SmallMeanAveragePrecision),
                ("apm", report.MediumMeanAveragePrecision),
                ("apl", report.LargeMeanAveragePrecision),
                ("ar1", report.AverageRecall1),
                ("ar10", report.AverageRecall10),
                ("ar100", report.AverageRecall100),
                ("ars", report.SmallAverageRecall),
                ("arm", report.MediumAverageRecall),
                ("arl", report.LargeAverageRecall),
            }
        )
            Assert.Equal(expected.GetProperty(name).GetDouble(), actual, 1e-9);
        Assert.Equal(Numbers(expected, "classAp"), report.Classes.Select(c => Rounded(c.AveragePrecision)));
        Assert.Equal(Numbers(expected, "classAp50"), report.Classes.Select(c => Rounded(c.AveragePrecision50)));
        Assert.Equal(Numbers(expected, "curve"), report.Classes[1].Precision50.Select(Rounded));
    }

    [Fact]
    public void The_errors_are_those_of_tide()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf("detection.json")));
        using JsonDocument errors = JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf("detection-errors.json")));
        JsonElement counts = errors.RootElement.GetProperty("counts"),
            deltas = errors.RootElement.GetProperty("delta");

        DetectionReport report = DetectionReport.Compute([.. json.RootElement.GetProperty("images").EnumerateArray().Select(Image)], Names);

        Assert.Equal(errors.RootElement.GetProperty("ap").GetDouble(), report.MeanAveragePrecision50, 1e-9);
        foreach (
            (string name, DetectionError error) in new[]
            {
                ("classification", report.Errors.Classification),
                ("localization", report.Errors.Localization),
                ("both", report.Errors.Both),
                ("duplicate", report.Errors.Duplicate),
                ("background", report.Errors.Background),
                ("missed", report.Errors.Missed),
            }
        )
        {
            Assert.Equal((name, counts.GetProperty(name).GetInt64()), (name, error.Count));
            Assert.Equal(deltas.GetProperty(name).GetDouble(), error.DeltaAveragePrecision, 1e-9);
        }
        Assert.Equal(errors.RootElement.GetProperty("falsePositive").GetDouble(), report.Errors.FalsePositiveDelta, 1e-9);
        Assert.Equal(errors.RootElement.GetProperty("falseNegative").GetDouble(), report.Errors.FalseNegativeDelta, 1e-9);
        Assert.Contains("error at IoU 0.50", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_error_is_called_by_its_name()
    {
        float[] cat = [10, 10, 110, 110],
            dog = [300, 300, 400, 400],
            far = [600, 600, 700, 700];
        DetectionErrors Of(float[] box, int label) =>
            DetectionReport
                .Compute([new ImageBoxes([.. cat, .. dog], [0, 1], null, [.. cat, .. box], [0, label], [0.9f, 0.8f])], ["cat", "dog"])
                .Errors;

        Assert.Equal(1, Of(dog, 0).Classification.Count);
        Assert.Equal(1, Of([300, 300, 340, 400], 1).Localization.Count);
        Assert.Equal(1, Of([300, 300, 340, 400], 0).Both.Count);
        Assert.Equal(1, Of(cat, 0).Duplicate.Count);
        Assert.Equal(1, Of(far, 0).Background.Count);
        Assert.Equal(1, Of(far, 0).Missed.Count);
        // With its class or its place mended, the dog is found: it is not missed.
        Assert.Equal(0, Of(dog, 0).Missed.Count);
        Assert.Equal(0.5, Of(dog, 0).Classification.DeltaAveragePrecision, 1e-9);
    }

    [Fact]
    public void Curves_tell_precision_and_score_by_recall()
    {
        float[] first = [10, 10, 110, 110],
            second = [300, 300, 400, 400];

        DetectionReport report = DetectionReport.Compute(
            [new ImageBoxes([.. first, .. second], [0, 0], null, [.. first, 600, 600, 700, 700], [0, 0], [0.75f, 0.5f])],
            ["cat"]
        );

        Assert.Equal(101, report.MeanPrecision50.Count);
        Assert.Equal(
            (1, 1, 0),
            (Math.Round(report.MeanPrecision50[0], 9), Math.Round(report.MeanPrecision50[50], 9), report.MeanPrecision50[51])
        );
        Assert.Equal(
            (0.75, 0.75, double.NaN),
            (report.Classes[0].Score50[0], report.Classes[0].Score50[50], report.Classes[0].Score50[51])
        );
        Assert.Equal(report.MeanPrecision50, report.Classes[0].Precision50);
    }

    [Fact]
    public void Perfect_boxes_score_one()
    {
        float[] boxes = [10, 10, 30, 30, 50, 50, 200, 200];

        DetectionReport report = DetectionReport.Compute(
            [new ImageBoxes(boxes, [0, 1], null, boxes, [0, 1], [0.9f, 0.8f])],
            ["cat", "dog"]
        );

        Assert.Equal(1, report.MeanAveragePrecision, 1e-12);
        Assert.Equal(1, report.AverageRecall1, 1e-12);
        Assert.Equal(double.NaN, report.MediumMeanAveragePrecision);
    }

    [Fact]
    public void A_second_box_on_the_same_object_is_wrong()
    {
        float[] box = [10, 10, 110, 110];

        DetectionReport report = DetectionReport.Compute(
            [
                new ImageBoxes(
                    [.. box, 300, 300, 400, 400],
                    [0, 0],
                    null,
                    [.. box, .. box, 300, 300, 400, 400],
                    [0, 0, 0],
                    [0.9f, 0.8f, 0.7f]
                ),
            ],
            ["cat"]
        );

        // Precision 1 up to a recall of a half, then 2 of 3.
        Assert.Equal((51 + (50 * 2 / 3.0)) / 101, report.MeanAveragePrecision50, 1e-9);
    }

    [Fact]
    public void Without_objects_nothing_is_defined()
    {
        DetectionReport report = DetectionReport.Compute([new ImageBoxes([], [], null, [1, 1, 2, 2], [0], [0.5f])], ["cat"]);

        Assert.Equal(double.NaN, report.MeanAveragePrecision);
        Assert.Empty(report.Classes[0].Precision50);
        Assert.Equal(1, report.Classes[0].Predicted);
    }

    private static ImageBoxes Image(JsonElement image) =>
        new(
            [.. image.GetProperty("boxes").EnumerateArray().Select(v => v.GetSingle())],
            [.. image.GetProperty("classes").EnumerateArray().Select(v => v.GetInt32())],
            [.. image.GetProperty("crowd").EnumerateArray().Select(v => v.GetBoolean())],
            [.. image.GetProperty("foundBoxes").EnumerateArray().Select(v => v.GetSingle())],
            [.. image.GetProperty("foundClasses").EnumerateArray().Select(v => v.GetInt32())],
            [.. image.GetProperty("foundScores").EnumerateArray().Select(v => v.GetSingle())]
        );

    private static IEnumerable<double> Numbers(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : Rounded(v.GetDouble()));

    private static double Rounded(double value) => Math.Round(value, 9);
}
