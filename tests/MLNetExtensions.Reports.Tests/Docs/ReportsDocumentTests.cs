using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Reports.Tests.Docs;

/// <summary>
/// The C# blocks of docs/reports.md, and the code that a report has, compiled and run; that none is missing is checked by
/// MLNetExtensions.TorchSharp.Tests. They change the working folder.
/// </summary>
[Collection(Alone.Name)]
public sealed class ReportsDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ColorImages _images = new(30);
    private readonly string _working = Environment.CurrentDirectory;

    public ReportsDocumentTests() => Environment.CurrentDirectory = _folder.Path;

    public void Dispose()
    {
        Environment.CurrentDirectory = _working;
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Writing_a_report()
    {
        var ml = new MLContext(seed: 1);
        IDataView testSet = _images.Paths(ml);
        using var model = TinyClassifier.Transformer(ml, testSet.Schema);

        HtmlReport report = ml.Vision()
            .WriteReport(
                model.Transform(testSet),
                "report.html",
                new HtmlReportOptions
                {
                    Title = "Colors",
                    Model = model, // its training run, and how to load it in Python
                    Inspection = ml.Vision().Inspect(testSet), // warnings about the data
                    Seed = 1,
                    RepeatCommand = "dotnet run -- photos",
                }
            );
        Console.WriteLine(report.Classification);

        Assert.Equal(1, report.Classification!.Accuracy);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes("report.json"));
        JsonElement usage = json.RootElement.GetProperty("usage");
        Assert.Contains("InferenceSession(\"model.onnx\")", usage.GetProperty("python").GetString());
        Assert.Equal("dotnet run -- photos", usage.GetProperty("repeatCommand").GetString());
    }

    [Fact]
    public void Writing_a_report_of_a_detector()
    {
        using var rows = new DrawnObjects(10);
        var ml = new MLContext(seed: 1);
        IDataView scored = rows.View(ml);

        // scored: detector.Transform(testSet)
        HtmlReport report = ml.Vision().WriteReport(scored, "shapes.html", new HtmlReportOptions { Title = "Shapes", BoxThreshold = 0.4f });
        Console.WriteLine(report.Detection);

        Assert.Equal(10, report.Detection!.Count);
        AssertCompiled("shapes.json");
    }

    [Fact]
    public void The_code_of_a_report_of_masks_is_compiled_here()
    {
        using var rows = new DrawnMasks(4);
        var ml = new MLContext(seed: 1);

        ml.Vision().WriteReport(rows.View(ml), "masks.html");

        AssertCompiled("masks.json");
    }

    /// <summary>The code that a report shows stands below, so that it compiles.</summary>
    private static void AssertCompiled(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
        string code = json.RootElement.GetProperty("usage").GetProperty("cSharp").GetString()!;
        string[] own = [.. File.ReadAllLines(Source()).Select(line => line.Trim())];
        Assert.All(
            code.Split('\n').Select(line => line.Trim().Replace("public class", "private sealed class", StringComparison.Ordinal)),
            line => Assert.Contains(line, own)
        );
    }

    [Fact]
    public void The_code_of_a_report_loads_its_model()
    {
        var context = new MLContext(seed: 1);
        IDataView rows = context.Data.LoadFromEnumerable(_images.Rows);
        ITransformer keys = context.Transforms.Conversion.MapValueToKey("Label").Fit(rows);
        IDataView mapped = keys.Transform(rows);
        using var network = TinyClassifier.Transformer(context, mapped.Schema);
        ITransformer words = context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(network.Transform(mapped));
        var chain = new TransformerChain<ITransformer>(keys, network, words);
        context.Model.Save(chain, rows.Schema, "model.zip");
        File.Copy(_images.Rows[2].Image, "photo.jpg");

        context.Vision().WriteReport(chain.Transform(rows), "report.html");

        AssertCompiled("report.json");
        Assert.Equal("blue", Load());
    }

    private static string Load()
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load("model.zip", out _);
        using var engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
        Output output = engine.Predict(new Input { Image = "photo.jpg" });
        Console.WriteLine(output.Predicted);
        return output.Predicted;
    }

    private static string Source([CallerFilePath] string path = "") => path;

    private sealed class Input
    {
        [ColumnName("Image")]
        public string Image { get; set; } = "";

        [ColumnName("Label")]
        public string Label { get; set; } = ""; // not used
    }

    private sealed class Output
    {
        [ColumnName("PredictedLabel")]
        public string Predicted { get; set; } = "";
    }

    private static class CodeOfObjects
    {
        public static void Load()
        {
            var ml = new MLContext();
            ITransformer model = ml.Model.Load("model.zip", out _);
            using var engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
            Output output = engine.Predict(new Input { Image = "photo.jpg" });
            for (int i = 0; i < output.Score.Length; i++)
            {
                string box = string.Join(", ", output.PredictedBoundingBoxes[(4 * i)..((4 * i) + 4)]);
                Console.WriteLine($"class {output.PredictedLabel[i]}, score {output.Score[i]:0.00}: {box}");
            }
        }

        private sealed class Input
        {
            [ColumnName("ImagePath")]
            public string Image { get; set; } = "";
        }

        private sealed class Output
        {
            public uint[] PredictedLabel { get; set; } = []; // keys, from 1
            public float[] PredictedBoundingBoxes { get; set; } = []; // left, top, right, bottom of each
            public float[] Score { get; set; } = [];
        }
    }

    private static class CodeOfMasks
    {
        public static void Load()
        {
            var ml = new MLContext();
            ITransformer model = ml.Model.Load("model.zip", out _);
            using var engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
            Output output = engine.Predict(new Input { Image = "photo.jpg" });
            int foreground = output.PredictedMask.Count(index => index > 0);
            Console.WriteLine($"{foreground} of {output.PredictedMask.Length} pixels are no background");
        }

        private sealed class Input
        {
            [ColumnName("ImagePath")]
            public string Image { get; set; } = "";
        }

        private sealed class Output
        {
            public byte[] PredictedMask { get; set; } = []; // the index of each pixel's class, row after row
        }
    }
}
