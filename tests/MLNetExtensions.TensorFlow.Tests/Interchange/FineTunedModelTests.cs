using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.TensorFlow.Interchange;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>From a SavedModel of TensorFlow over fine-tuning in a pipeline to another one, through the public API.</summary>
public sealed class FineTunedModelTests : IDisposable
{
    private const int Width = 19,
        Height = 17,
        Count = 30;

    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(Count);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_SavedModel_is_fine_tuned_and_written_again(bool allLayers)
    {
        string given = Directory.CreateDirectory(Path.Combine(_folder.Path, "given")).FullName,
            trained = Path.Combine(_folder.Path, "trained", "1");
        using (var network = new TensorFlowGraph())
        {
            ForeignModels.Network(network);
            ForeignModels.WriteSavedModel(network, given);
        }
        IDataView images = _images.Images(_ml);
        IDataView data = _ml
            .Transforms.ResizeImages("Image", Width, Height)
            .Append(_ml.Transforms.ExtractPixels("Image"))
            .Fit(images)
            .Transform(images);
        var preprocessing = new ImagePreprocessing
        {
            Width = Width,
            Height = Height,
            CropFraction = 1,
            Scale = 1 / 255f,
            Mean = [0, 0, 0],
            StandardDeviation = [1, 1, 1],
        };
        using FineTuneTransformer model = _ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = Backbone.FromGraph(TensorFlowModel.ReadSavedModel(given), preprocessing, "foreign"),
                    TrainableLayers = allLayers ? FineTuneLayers.All : FineTuneLayers.Head,
                    Epochs = 20,
                    LearningRate = 0.02f,
                    Seed = 1,
                    Threads = 1,
                    Precision = TrainingPrecision.Float32,
                    Runtime = TensorFlowRuntime.Create(),
                }
            )
            .Fit(data);
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.9);

        model.ExportSavedModel(trained);
        float[] pixels = [.. data.GetColumn<float[]>("Image").SelectMany(p => p)],
            expected = [.. model.Transform(data).GetColumn<float[]>("Score").SelectMany(s => s)];
        using var session = new SavedModelSession(trained);
        Assert.Equal(["Score"], session.Definition.SignatureDef["serving_default"].Outputs.Keys);
        ScoredModels.AssertEqual(expected, ScoredModels.InTensorFlow(session, pixels, Count, "Score"), 1e-5f);
        Assert.Equal(
            ["blue", "green", "red"],
            File.ReadAllLines(Path.Combine(trained, "assets.extra", "labels.txt")).Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            "\"width\":19",
            File.ReadAllText(Path.Combine(trained, "assets.extra", "preprocessing.json")),
            StringComparison.Ordinal
        );
    }
}
