using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Explanation;
using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.TrainingContract.Explanation;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The blocks of docs/explanation.md.</summary>
public sealed class ExplanationDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ColorImages _images = new(12);

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_blocks_run()
    {
        string folder = Photos(),
            output = Path.Combine(_folder.Path, "explained"),
            modelFile = Path.Combine(_folder.Path, "model.onnx");
        OnnxGraph colors = PatchNetwork.Graph();
        (colors with { Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3, 224, 224)] }).Save(modelFile);

        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(folder);
        var model = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.TrainNetwork(
                    new TrainNetworkOptions
                    {
                        Network = new ResNet9 { Width = 8 },
                        ImageColumnName = "ImagePath",
                    }
                )
            )
            .Fit(photos);

        using TrainNetworkTransformer network = model.LastTransformer; // or that of FineTune
        Directory.CreateDirectory(output);
        foreach (ImageExplanation explanation in ml.Vision().Explain(network, photos))
            explanation.Heatmap.Save(Path.Combine(output, $"{explanation.Row} {explanation.ClassName}.png"));

        Assert.Equal(12, Directory.GetFiles(output, "*.png").Length);

        var options = new ExplanationOptions { Method = new IntegratedGradients(), ClassIndex = 0 };
        ImageExplanation first = ml.Vision().Explain(network, photos, options).First();
        Console.WriteLine($"{first.ClassName}: {first.Score} follows from {first.Heatmap.Values.Count} pixels");

        Assert.Equal((0, 1024), (first.ClassIndex, first.Heatmap.Values.Count));

        using ExplainImageTransformer step = ml.Transforms.ExplainImage(network).Fit(photos);
        IDataView explained = step.Transform(photos); // Heatmap: Single, height x width, 0 to 1; Overlay: an image

        Assert.Equal(12, explained.GetColumn<float[]>("Heatmap").Count(map => map.Min() >= 0 && map.Max() <= 1));

        var settings = new ExplanationOptions
        {
            Method = new Occlusion(),
            Preprocessing = new ImagePreprocessing { Width = 224, Height = 224 },
        };
        foreach (ImageExplanation explanation in ml.Vision().Explain(OnnxGraph.Load(modelFile), photos, settings))
            Console.WriteLine($"{explanation.ClassIndex} {explanation.Score}");
    }

    /// <summary>The colored images, a folder a color.</summary>
    private string Photos()
    {
        foreach (ColorImages.Row row in _images.Rows)
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "photos", row.Label)).FullName;
            File.Copy(row.Image, Path.Combine(folder, Path.GetFileName(row.Image)));
        }
        return Path.Combine(_folder.Path, "photos");
    }
}
