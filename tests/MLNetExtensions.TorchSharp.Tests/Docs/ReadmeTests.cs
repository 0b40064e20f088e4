using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Estimators.FineTune;
using MLNetExtensions.TorchSharp.Tests.Estimators;
using MLNetExtensions.Tests.Data;
using MLNetExtensions.Tests.Estimators;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>Every C# block of README.md stands here too, compiled and run; a block that differs is a failing test.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly ColourPictures _pictures = new(30);
    private readonly TemporaryFolder _folder = new();
    private readonly string _backbone;

    public ReadmeTests()
    {
        foreach (ColourPictures.Row row in _pictures.Rows)
            _folder.Add(Path.Combine("photos", row.Label, Path.GetFileName(row.Image)), File.ReadAllBytes(row.Image));
        _backbone = Path.Combine(_folder.Path, "backbone.onnx");
        SmallBackbone.Create().Graph.Save(_backbone);
    }

    public void Dispose()
    {
        _pictures.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void EveryBlockIsTestedHere()
    {
        string[] tests = Normalise(File.ReadAllText(ThisFile()));
        string readme = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "README.md")).ReplaceLineEndings("\n");
        string[] blocks = [.. readme.Split("```csharp\n").Skip(1).Select(b => b[..b.IndexOf("```", StringComparison.Ordinal)])];

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block =>
        {
            string[] lines = Normalise(block);
            Assert.True(Enumerable.Range(0, tests.Length - lines.Length + 1).Any(start => tests.AsSpan(start, lines.Length).SequenceEqual(lines)),
                $"This block of README.md does not stand in ReadmeTests.cs:\n{block}");
        });
    }

    [Fact]
    public void FineTuning()
    {
        string folder = Path.Combine(_folder.Path, "photos"), backboneFile = _backbone, modelFile = Path.Combine(_folder.Path, "model.zip");

        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Vision().LoadFolder(folder);               // ImagePath, Label (the sub-folder's name)
        var split = ml.Data.TrainTestSplit(photos, testFraction: 0.2);

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Vision().FineTune(new FineTuneOptions
            {
                Backbone = Backbone.FromFile(backboneFile),              // any ONNX image network, opset 7 to 22
                ImageColumnName = "ImagePath",                           // a path, an MLImage, or the bytes of a file
                Layers = FineTuneLayers.Head,                            // or LastGroups(n), or All
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(split.TrainSet);

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
        ml.Model.Save(model, photos.Schema, modelFile);                  // loads anywhere ML.NET's ONNX transformer runs

        Assert.True(metrics.MicroAccuracy > 0.5);
        Assert.True(new FileInfo(modelFile).Length > 1000);
    }

    [Fact]
    public void Featurizing()
    {
        string backboneFile = _backbone;
        var ml = new MLContext(seed: 1);

        var featurized = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Vision().FeatureExtract("Features", "ImagePath", Backbone.FromFile(backboneFile)))
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy());

        IDataView photos = ml.Vision().LoadFolder(Path.Combine(_folder.Path, "photos"));
        Assert.True(ml.MulticlassClassification.Evaluate(featurized.Fit(photos).Transform(photos)).MicroAccuracy > 0.5);
    }

    /// <summary>Lines without their indentation and without empty ones.</summary>
    private static string[] Normalise(string text) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
