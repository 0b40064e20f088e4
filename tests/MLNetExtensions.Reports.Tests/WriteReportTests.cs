using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Reports.Tests;

public class WriteReportTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void One_file_has_all_that_a_browser_needs()
    {
        using var rows = new DrawnScores(200);

        HtmlReport report = _ml.Vision().WriteReport(rows.View(_ml), Path.Combine(rows.Folder, "new", "report.html"));

        string html = File.ReadAllText(report.Path);
        Assert.StartsWith("<!DOCTYPE html>", html);
        Assert.EndsWith("</html>\n", html);
        Assert.Contains("default-src 'none'", html);
        // No address, no other file.
        Assert.DoesNotContain("http:", html);
        Assert.DoesNotContain("https:", html);
        Assert.DoesNotMatch("(src|href)=\"(?!data:image/webp;base64,|#)", html);
        Assert.Equal(
            ["report.html", "report.json"],
            Directory.EnumerateFiles(Path.GetDirectoryName(report.Path)!).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public void Names_are_texts_whatever_they_hold()
    {
        string[] names = ["<script>alert(1)</script>", "a\"b' onerror=x", "R&D", "日本", "{{ Content.Title }}"];
        using var rows = new DrawnScores(120, names);

        HtmlReport report = _ml.Vision()
            .WriteReport(
                rows.View(_ml),
                Path.Combine(rows.Folder, "report.html"),
                new HtmlReportOptions { Title = "</title><b>", RepeatCommand = "x && <y>" }
            );

        string html = File.ReadAllText(report.Path);
        Assert.DoesNotContain(names[0], html);
        Assert.DoesNotContain("a\"b", html);
        Assert.DoesNotContain("</title><b>", html);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html);
        Assert.Contains("R&amp;D", html);
        Assert.Contains("日本", html);
        Assert.Contains("{{ Content.Title }}", html);
        Assert.Contains("x &amp;&amp; &lt;y&gt;", html);
    }

    [Fact]
    public void The_json_file_has_the_figures_of_ml_net()
    {
        using var rows = new DrawnScores(300);
        IDataView scored = rows.View(_ml);

        HtmlReport report = _ml.Vision().WriteReport(scored, Path.Combine(rows.Folder, "report.html"));

        MulticlassClassificationMetrics expected = _ml.MulticlassClassification.Evaluate(
            _ml.Transforms.Conversion.MapValueToKey("PredictedLabel", "Label").Fit(scored).Transform(scored)
        );
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report.JsonPath));
        JsonElement figures = json.RootElement.GetProperty("classification");
        Assert.Equal(expected.LogLoss, figures.GetProperty("logLoss").GetDouble(), 1e-6);
        Assert.Equal(expected.LogLossReduction, figures.GetProperty("logLossReduction").GetDouble(), 1e-6);
    }

    [Fact]
    public void The_json_file_has_the_figures_of_the_text_report()
    {
        using var rows = new DrawnScores(300);

        HtmlReport report = _ml.Vision().WriteReport(rows.View(_ml), Path.Combine(rows.Folder, "report.html"));

        ClassificationReport expected = _ml.Vision().Report(rows.View(_ml));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report.JsonPath));
        JsonElement figures = json.RootElement.GetProperty("classification");
        Assert.Equal(expected.Accuracy, figures.GetProperty("accuracy").GetDouble());
        Assert.Equal(expected.BalancedAccuracy, figures.GetProperty("balancedAccuracy").GetDouble());
        Assert.Equal(expected.Macro.F1, figures.GetProperty("macro").GetProperty("f1").GetDouble());
        Assert.Equal(expected.ExpectedCalibrationError, figures.GetProperty("expectedCalibrationError").GetDouble());
        Assert.Equal(expected.Classes[2].Recall, figures.GetProperty("classes")[2].GetProperty("recall").GetDouble());
        Assert.Equal(expected.Confusion[1, 2], figures.GetProperty("confusion")[1][2].GetInt64());
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void Cultures_change_nothing(string culture)
    {
        using var rows = new DrawnScores(80);
        var options = new HtmlReportOptions
        {
            Training = DrawnRun.Result,
            TrainerOptions = DrawnRun.Options,
            Clock = new StoppedClock(),
        };
        string expected = Write();
        using var _ = new TestCulture(culture);

        Assert.Equal(expected, Write());

        string Write()
        {
            HtmlReport report = _ml.Vision().WriteReport(rows.View(_ml), Path.Combine(rows.Folder, "report.html"), options);
            return File.ReadAllText(report.Path) + File.ReadAllText(report.JsonPath);
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.Parse("2026-02-03T04:05:06Z", CultureInfo.InvariantCulture);
    }
}
