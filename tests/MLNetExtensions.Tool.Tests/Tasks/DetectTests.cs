using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Tasks;

public sealed class DetectTests : IDisposable
{
    private readonly SceneFolders _scenes = new(24);

    private string Run => Path.Combine(_scenes.Runs, "train1");

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public async Task A_detector_is_trained_measured_and_used()
    {
        CommandResult trained = await Mlnetx.Succeed(_scenes.Train("detect", _scenes.Coco, "--epochs", "12", "--learning-rate", "0.005"));

        foreach (string file in new[] { "model.zip", "model.onnx", "metrics.json", "test.csv", "epochs.csv", "report.html", "report.json" })
            Assert.True(new FileInfo(Path.Combine(Run, file)).Length > 0, file);
        JsonNode metrics = Json(File.ReadAllText(Path.Combine(Run, "metrics.json"))),
            status = Json(File.ReadAllText(Path.Combine(Run, "status.json")));
        Assert.Contains("mAP@0.5", trained.Out, StringComparison.Ordinal);
        Assert.Equal("detect", (string?)status["task"]);
        Assert.Equal((double?)metrics["meanAveragePrecision50"], (double?)status["testMeanAveragePrecision50"]);
        Assert.Equal(["circle", "rectangle", "triangle"], metrics["classes"]!.AsArray().Select(c => (string?)c!["name"]));
        Assert.Equal(5, (int?)metrics["images"]);

        CommandResult evaluated = await Mlnetx.Succeed("evaluate", "--model", Run, "--json");
        Assert.Equal(Rounded(metrics["meanAveragePrecision"]), Rounded(Json(evaluated.Out)["meanAveragePrecision"]));
        CommandResult all = await Mlnetx.Succeed("evaluate", _scenes.Coco, "--model", Path.Combine(Run, "model.zip"), "--json");
        Assert.Equal(24, (int?)Json(all.Out)["images"]);

        string drawn = _scenes.At("drawn");
        CommandResult predicted = await Mlnetx.Succeed([
            "predict",
            _scenes.Images,
            "--model",
            Run,
            "--min-score",
            "0.02",
            "--draw",
            drawn,
            "--json",
        ]);
        JsonArray list = Json(predicted.Out).AsArray();
        Assert.Equal(24, list.Count);
        Assert.Equal(24, Directory.GetFiles(drawn, "*.png").Length);
        Assert.All(
            list.SelectMany(image => image!["objects"]!.AsArray()),
            found =>
            {
                Assert.True((double?)found!["score"] >= 0.02);
                Assert.Equal(4, found["box"]!.AsArray().Count);
            }
        );

        CommandResult runs = await Mlnetx.Succeed("runs", "list", "--runs", _scenes.Runs);
        Assert.Contains("mAP@0.5", runs.Out, StringComparison.Ordinal);
        string report = _scenes.At("again.html");
        await Mlnetx.Succeed("report", "--model", Run, "--output", report);
        Assert.Contains("mAP at an IoU of 0.5", File.ReadAllText(report), StringComparison.Ordinal);
        CommandResult served = await Mlnetx.Run("serve", "--model", Run);
        Assert.Equal(2, served.ExitCode);
        Assert.Contains("a model of the task detect; serve takes models of the task classify", served.Error, StringComparison.Ordinal);
        string exported = _scenes.At("detector.onnx");
        await Mlnetx.Succeed("export", "--model", Run, "--output", exported);
        Assert.True(new FileInfo(exported).Length > 0);
    }

    [Fact]
    public async Task The_saved_detector_is_an_ordinary_model_of_MLNET()
    {
        CommandResult trained = await Mlnetx.Succeed(
            _scenes.Train(
                "detect",
                _scenes.Coco,
                "--no-report",
                "--mixing",
                "mosaic,probability=0.5+copy-paste",
                "--validation-fraction",
                "0.2"
            )
        );

        Assert.Contains("mixing: mosaic,probability=0.5+copy-paste", File.ReadAllText(Path.Combine(Run, "config.yaml")));
        Assert.Contains("mAP@0.5", trained.Out, StringComparison.Ordinal);
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(Path.Combine(Run, "model.zip"), out DataViewSchema schema);

        DataViewSchema output = model.GetOutputSchema(schema);
        Assert.Contains("PredictedBoundingBoxes", output.Select(column => column.Name));
        Assert.False(File.Exists(Path.Combine(Run, "report.html")));
        (model as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task An_unreadable_image_is_named_and_the_others_are_predicted()
    {
        await Mlnetx.Succeed(_scenes.Train("detect", _scenes.Coco, "--epochs", "1", "--no-report"));
        string bad = Path.Combine(_scenes.Images, "0003.png");
        File.WriteAllText(bad, "no image");

        CommandResult result = await Mlnetx.Run("predict", _scenes.Images, "--model", Run, "--min-score", "0.99");

        string[] lines = result.Out.TrimEnd().Split('\n');
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("path,label,score,left,top,right,bottom,problem", lines[0]);
        Assert.StartsWith($"{bad},,,,,,,", lines[4], StringComparison.Ordinal);
        Assert.NotEqual($"{bad},,,,,,,", lines[4]);
        Assert.Contains("1 of 24 images cannot be read", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A camera stores a photo lying, with a note how to turn it.</summary>
    [Fact]
    public async Task Photos_that_were_turned_are_measured_upright()
    {
        await Mlnetx.Succeed(_scenes.Train("detect", _scenes.Coco, "--epochs", "4", "--no-report"));
        string model = Path.Combine(Run, "model.zip");
        CommandResult before = await Mlnetx.Succeed("evaluate", _scenes.Coco, "--model", model, "--json");
        foreach (string image in Directory.GetFiles(_scenes.Images, "*.png"))
            TurnedPhoto.Replace(image);
        CommandResult after = await Mlnetx.Succeed("evaluate", _scenes.Coco, "--model", model, "--json");
        Assert.Equal(Json(before.Out).ToJsonString(), Json(after.Out).ToJsonString());
        string report = _scenes.At("turned.html");
        await Mlnetx.Succeed("report", _scenes.Coco, "--model", model, "--output", report);
        Assert.Contains("mAP at an IoU of 0.5", File.ReadAllText(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_tells_of_boxes()
    {
        CommandResult result = await Mlnetx.Succeed("check", _scenes.Path, "--task", "detect", "--json");

        JsonNode found = Json(result.Out);
        Assert.Equal(24, (int?)found["images"]);
        Assert.Equal(["circle", "rectangle", "triangle"], found["classes"]!.AsObject().Select(c => c.Key));
    }

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;

    private static double Rounded(JsonNode? number) => Math.Round((double)number!, 3);
}
