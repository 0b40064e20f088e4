using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNetExtensions.Reports.Tests;

/// <summary>What the JSON file says.</summary>
public class ReportContentTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_names_of_a_classifiers_figures_stay()
    {
        using var rows = new DrawnScores(60);

        JsonElement json = Write(rows.View(_ml), rows.Folder, new HtmlReportOptions { Training = DrawnRun.Result });

        Assert.Equal("mlnetextensions.report/1", json.GetProperty("schema").GetString());
        Assert.Equal("classification", json.GetProperty("task").GetString());
        Assert.Equal(
            "accuracy,accuracyInterval,balancedAccuracy,baseline,calibration,classes,cohensKappa,confusedPairs,confusion,correct,"
                + "expectedCalibrationError,logLoss,logLossReduction,macro,macroAuc,matthewsCorrelation,mistakes,topK,topKAccuracy,weighted,"
                + "worstMistakes",
            Names(json.GetProperty("classification"))
        );
        Assert.Equal(
            "bestEpoch,dataWaitFraction,device,epochs,invalidImages,resumedFrom,runtime,seconds,stopMessage,stopReason,temperature,"
                + "trainingRows,validationRows",
            Names(json.GetProperty("training"))
        );
        Assert.Equal(16, json.GetProperty("training").GetProperty("bestEpoch").GetInt32());
    }

    [Fact]
    public void The_figures_of_a_regression_are_those_of_ml_net()
    {
        using var rows = new DrawnNumbers(200);

        JsonElement figures = Write(rows.View(_ml), rows.Folder).GetProperty("regression");

        RegressionMetrics expected = _ml.Regression.Evaluate(rows.View(_ml));
        Assert.Equal(expected.MeanAbsoluteError, figures.GetProperty("meanAbsoluteError").GetDouble(), 1e-5);
        Assert.Equal(expected.RootMeanSquaredError, figures.GetProperty("rootMeanSquaredError").GetDouble(), 1e-5);
        Assert.Equal(expected.RSquared, figures.GetProperty("rSquared").GetDouble(), 1e-5);
        Assert.Equal(200, figures.GetProperty("residuals").EnumerateArray().Sum(bin => bin.GetProperty("count").GetInt32()));
    }

    [Fact]
    public void The_baseline_answers_the_most_frequent_class()
    {
        using var rows = new DrawnScores(200);

        JsonElement baseline = Write(rows.View(_ml), rows.Folder).GetProperty("classification").GetProperty("baseline");

        // scikit-learn's DummyClassifier: its probabilities are the classes' frequencies, and its answer is the first of the most frequent.
        float[] shares = [.. rows.Classes.Select(name => rows.Rows.Count(row => row.Label == name) / 200f)];
        var expected = Training.Metrics.ClassificationReport.Compute(
            [.. rows.Rows.SelectMany(_ => shares)],
            [.. rows.Rows.Select(row => Array.IndexOf(rows.Classes, row.Label))],
            rows.Classes
        );
        Assert.Equal("dandelion", baseline.GetProperty("class").GetString());
        Assert.Equal(expected.Accuracy, baseline.GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.Equal(expected.BalancedAccuracy, baseline.GetProperty("balancedAccuracy").GetDouble(), 1e-9);
        Assert.Equal(expected.LogLoss, baseline.GetProperty("logLoss").GetDouble(), 1e-5);
        Assert.Equal(expected.Classes.Average(c => c.F1), baseline.GetProperty("macroF1").GetDouble(), 1e-9);
    }

    [Fact]
    public void Only_settings_that_differ_are_listed()
    {
        using var rows = new DrawnScores(40);

        JsonElement settings = Write(rows.View(_ml), rows.Folder, new HtmlReportOptions { TrainerOptions = DrawnRun.Options })
            .GetProperty("settings");

        Assert.Equal(
            ["BalanceClasses", "BatchSize", "Optimizer", "Seed", "TrainableLayers", "ValidationFraction"],
            settings.EnumerateArray().Select(setting => setting.GetProperty("name").GetString())
        );
        Assert.Equal("AdamW", settings[2].GetProperty("value").GetString());
    }

    [Fact]
    public void Many_classes_have_a_matrix_of_those_with_mistakes()
    {
        string[] names = [.. Enumerable.Range(0, 60).Select(i => $"class {i:D2}")];
        using var rows = new DrawnScores(600, names);

        JsonElement json = Write(rows.View(_ml), rows.Folder);

        Assert.Equal(60, json.GetProperty("classification").GetProperty("confusion").GetArrayLength());
        string html = File.ReadAllText(Path.Combine(rows.Folder, "report.html"));
        Assert.Contains("30 others are together", html);
        Assert.Contains("(others)", html);
    }

    [Fact]
    public void A_model_without_mistakes_has_no_gallery()
    {
        using var rows = new DrawnScores(60);
        DrawnScores.ScoredRow[] right = [.. rows.Rows.Where(row => row.Label == rows.Classes[Array.IndexOf(row.Score, row.Score.Max())])];

        JsonElement json = Write(rows.View(_ml, right), rows.Folder);

        Assert.Equal(0, json.GetProperty("classification").GetProperty("mistakes").GetInt32());
        string html = File.ReadAllText(Path.Combine(rows.Folder, "report.html"));
        Assert.Contains("No image was taken for another class.", html);
        Assert.DoesNotContain("id=\"worst\"", html);
    }

    [Fact]
    public void Warnings_say_what_to_do()
    {
        using var rows = new DrawnScores(60);
        DrawnScores.ScoredRow[] wrong = [.. rows.Rows.Take(12).Select(row => rows.Wrong(row))];

        string[] warnings =
        [
            .. Write(rows.View(_ml, wrong), rows.Folder)
                .GetProperty("warnings")
                .EnumerateArray()
                .Select(warning => warning.GetProperty("text").GetString()!),
        ];

        Assert.Contains(warnings, text => text.StartsWith("The model is not better than the answer", StringComparison.Ordinal));
        Assert.Contains(warnings, text => text.Contains("add test rows", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_label_column_is_named()
    {
        using var rows = new DrawnScores(10);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Vision()
                .WriteReport(rows.View(_ml), Path.Combine(rows.Folder, "r.html"), new HtmlReportOptions { LabelColumnName = "label" })
        );

        Assert.Contains("Did you mean 'Label'?", error.Message);
    }

    [Fact]
    public void Options_out_of_range_are_all_named()
    {
        using var rows = new DrawnScores(10);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Vision()
                .WriteReport(
                    rows.View(_ml),
                    Path.Combine(rows.Folder, "r.html"),
                    new HtmlReportOptions { ThumbnailSize = 4, MaxImages = -1 }
                )
        );

        Assert.Contains("ThumbnailSize must be 16 to 1024, not 4.", error.Message);
        Assert.Contains("MaxImages must be at least 0, not -1.", error.Message);
        Assert.False(File.Exists(Path.Combine(rows.Folder, "r.html")));
    }

    private JsonElement Write(IDataView scored, string folder, HtmlReportOptions? options = null)
    {
        HtmlReport report = _ml.Vision().WriteReport(scored, Path.Combine(folder, "report.html"), options);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report.JsonPath));
        return json.RootElement.Clone();
    }

    private static string Names(JsonElement element) =>
        string.Join(',', element.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
}
