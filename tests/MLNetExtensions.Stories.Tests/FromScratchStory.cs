using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A network is trained from scratch, exported, and scored elsewhere from its ONNX file.</summary>
public sealed class FromScratchStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_exported_file_scores_the_same_in_another_context()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        var options = new TrainNetworkOptions
        {
            Network = new TinyNetwork(),
            ImageColumnName = "ImagePath",
            Augmentation = Augment.Standard(),
            Epochs = 20,
            LearningRate = 0.02f,
        };
        using TrainNetworkTransformer model = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);
        Assert.True(ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.8);
        string file = _folder.File("shapes.onnx"),
            card = _folder.File("shapes.md");
        model.ExportOnnx(file, new OnnxExportOptions { Opset = 17, ModelCardPath = card });

        var other = new MLContext();
        IDataView again = other.Data.LoadFromImageFolder(_folder.Photos);
        using ScoreOnnxTransformer scorer = other
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    ModelFile = file,
                    Inputs = [new OnnxInput { ColumnName = "ImagePath" }],
                    Decoding = new ClassificationDecoding { TopK = 2 },
                }
            )
            .Fit(again);
        IDataView keys = scorer.Transform(again);
        IDataView scored = other.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(keys).Transform(keys);
        Assert.Equal(
            model.Transform(data).GetColumn<float[]>("Score").SelectMany(s => s),
            scored.GetColumn<float[]>("Score").SelectMany(s => s),
            (a, b) => Math.Abs(a - b) < 1e-5f
        );
        Assert.All(scored.GetColumn<string>("PredictedLabel"), label => Assert.Contains(label, Shape.Names));
        Assert.Contains("disc", File.ReadAllText(card));
    }
}
