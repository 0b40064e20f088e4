using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MLNetExtensions.Training.Metrics.Detections;
using Xunit;

namespace MLNetExtensions.Reports.Tests;

public sealed class ObjectReportTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DrawnObjects _rows = new(30);

    public void Dispose() => _rows.Dispose();

    [Fact]
    public void The_figures_are_those_of_the_text_report()
    {
        DetectionReport expected = _ml.Vision().ReportDetection(_rows.View(_ml));

        (HtmlReport report, JsonElement json) = Write();

        JsonElement figures = json.GetProperty("detection");
        Assert.Equal("detection", json.GetProperty("task").GetString());
        Assert.Equal(expected.ToString(), report.Detection!.ToString());
        Assert.Equal(expected.MeanAveragePrecision50, figures.GetProperty("meanAveragePrecision50").GetDouble(), 1e-12);
        Assert.Equal(expected.Errors.Missed.Count, Error("Missed").GetProperty("count").GetInt64());
        Assert.Equal(expected.Errors.Missed.DeltaAveragePrecision, Error("Missed").GetProperty("cost").GetDouble(), 1e-12);
        Assert.Equal(expected.MeanPrecision50, figures.GetProperty("precision50").EnumerateArray().Select(p => p.GetDouble()));
        string percent = (100 * expected.MeanAveragePrecision50).ToString("F1", CultureInfo.InvariantCulture);
        Assert.Contains($"{percent} %<span>mAP at an IoU of 0.5", Page(report), StringComparison.Ordinal);

        JsonElement Error(string name) =>
            figures.GetProperty("errors").EnumerateArray().First(error => error.GetProperty("name").GetString() == name);
    }

    [Fact]
    public void The_worst_image_comes_first_with_its_missed_objects_and_wrong_boxes()
    {
        _rows.Rows[7].Label = ["circle", "triangle"];
        _rows.Rows[7].BoundingBoxes = [10, 10, 50, 50, 80, 80, 120, 130];
        _rows.Rows[7].PredictedLabel = ["circle", "circle", "rectangle", .. Enumerable.Repeat("triangle", 8), "circle"];
        // Right, a second one on the same object, of another class, eight on nothing, and one that is too weak to count.
        _rows.Rows[7].PredictedBoundingBoxes =
        [
            11,
            10,
            50,
            50,
            10,
            12,
            50,
            50,
            80,
            80,
            120,
            130,
            .. Enumerable.Range(0, 8).SelectMany(i => new float[] { 4 * i, 140, (4 * i) + 3, 150 }),
            0,
            0,
            9,
            9,
        ];
        _rows.Rows[7].Score = [0.95f, 0.9f, 0.85f, .. Enumerable.Repeat(0.8f, 8), 0.1f];

        (HtmlReport report, JsonElement json) = Write();

        JsonElement worst = json.GetProperty("detection").GetProperty("worstImages")[0];
        Assert.Equal(7, worst.GetProperty("row").GetInt32());
        Assert.Equal(1, worst.GetProperty("missed").GetInt32());
        Assert.Equal(10, worst.GetProperty("wrong").GetInt32());
        Assert.Equal(
            ["found circle", "missed triangle"],
            worst.GetProperty("boxes").EnumerateArray().Take(2).Select(box => $"{box.GetProperty("kind")} {box.GetProperty("label")}")
        );
        Assert.Contains("missed: 1 triangle; wrong: 8 triangle", Page(report), StringComparison.Ordinal);
        Assert.Contains("<rect x=\"80\" y=\"80\" width=\"40\" height=\"50\"><title>object: triangle, missed</title>", Page(report));
    }

    [Fact]
    public void The_threshold_decides_which_boxes_are_drawn()
    {
        JsonElement all = Write(new HtmlReportOptions { BoxThreshold = 0.01f }).Json.GetProperty("detection"),
            sure = Write(new HtmlReportOptions { BoxThreshold = 0.9f }).Json.GetProperty("detection");

        Assert.True(sure.GetProperty("wrong").GetInt64() < all.GetProperty("wrong").GetInt64());
        Assert.Equal(all.GetProperty("meanAveragePrecision").GetDouble(), sure.GetProperty("meanAveragePrecision").GetDouble(), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(new HtmlReportOptions { BoxThreshold = 0 }));
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_named_in_its_place()
    {
        foreach (DrawnObjects.Row row in _rows.Rows)
            File.WriteAllText(row.ImagePath, "no image");

        HtmlReport report = Write().Report;

        Assert.Equal(0, report.Images);
        Assert.NotEmpty(report.InvalidImages);
        Assert.Contains("cannot be read", Page(report), StringComparison.Ordinal);
    }

    private static string Page(HtmlReport report) => File.ReadAllText(report.Path);

    private (HtmlReport Report, JsonElement Json) Write(HtmlReportOptions? options = null)
    {
        HtmlReport report = _ml.Vision().WriteReport(_rows.View(_ml), Path.Combine(_rows.Folder, "report.html"), options);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report.JsonPath));
        return (report, json.RootElement.Clone());
    }
}
