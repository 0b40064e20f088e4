using System.Text.Json;
using Microsoft.ML;
using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Reports.Tests;

public class LabelReportTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_figures_of_several_labels_are_those_of_the_text_report()
    {
        using var rows = new DrawnLabelSets(200);
        MultiLabelReport expected = _ml.Vision().ReportMultiLabel(rows.View(_ml));

        (HtmlReport report, JsonElement json) = Write(rows);

        JsonElement figures = json.GetProperty("multiLabel");
        Assert.Equal("multi-label", json.GetProperty("task").GetString());
        Assert.Equal(expected.ToString(), report.MultiLabel!.ToString());
        Assert.Equal(expected.MeanAveragePrecision, figures.GetProperty("meanAveragePrecision").GetDouble(), 1e-9);
        Assert.Equal(expected.HammingLoss, figures.GetProperty("hammingLoss").GetDouble(), 1e-9);
        Assert.Equal(expected.Micro.F1, figures.GetProperty("micro").GetProperty("f1").GetDouble(), 1e-9);
        Assert.Equal(
            DrawnLabelSets.Names,
            figures.GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("name").GetString())
        );
    }

    [Fact]
    public void The_baseline_gives_the_labels_of_more_than_half_of_the_rows()
    {
        using var rows = new DrawnLabelSets(200);
        double[] frequencies = [.. Enumerable.Range(0, 4).Select(label => rows.Rows.Average(row => row.Label[label] ? 1.0 : 0))];

        JsonElement baseline = Write(rows).Json.GetProperty("multiLabel").GetProperty("baseline");

        Assert.Equal(["indoor"], baseline.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal(frequencies.Average(f => Math.Min(f, 1 - f)), baseline.GetProperty("hammingLoss").GetDouble(), 1e-6);
        // The mean entropy of the labels.
        Assert.Equal(
            frequencies.Average(f => -(f * Math.Log(f)) - ((1 - f) * Math.Log(1 - f))),
            baseline.GetProperty("logLoss").GetDouble(),
            1e-5
        );
    }

    [Fact]
    public void The_worst_rows_name_what_was_missed_and_what_is_wrong()
    {
        using var rows = new DrawnLabelSets(100);
        rows.Rows[7].Label = [true, false, false, true];
        rows.Rows[7].Score = [0.9f, 0.02f, 0.999f, 0.001f];

        (HtmlReport report, JsonElement json) = Write(rows);

        JsonElement worst = json.GetProperty("multiLabel").GetProperty("worstRows")[0];
        Assert.Equal(7, worst.GetProperty("row").GetInt32());
        Assert.Equal("night", worst.GetProperty("missed")[0].GetString());
        Assert.Equal("dog", worst.GetProperty("wrong")[0].GetString());
        Assert.Contains("missed: night; wrong: dog", File.ReadAllText(report.Path));
    }

    [Fact]
    public void The_threshold_decides_what_counts_as_predicted()
    {
        using var rows = new DrawnLabelSets(100);

        JsonElement strict = Write(rows, new HtmlReportOptions { Threshold = 0.995f }).Json.GetProperty("multiLabel");

        Assert.All(strict.GetProperty("labels").EnumerateArray(), label => Assert.Equal(0, label.GetProperty("predicted").GetInt32()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(rows, new HtmlReportOptions { Threshold = 1 }));
    }

    private (HtmlReport Report, JsonElement Json) Write(DrawnLabelSets rows, HtmlReportOptions? options = null)
    {
        HtmlReport report = _ml.Vision().WriteReport(rows.View(_ml), Path.Combine(rows.Folder, "report.html"), options);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report.JsonPath));
        return (report, json.RootElement.Clone());
    }
}
