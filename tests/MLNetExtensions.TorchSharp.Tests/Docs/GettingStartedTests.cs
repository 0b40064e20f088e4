using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The blocks of docs/getting-started.md: what an application does with a saved model.</summary>
public sealed class GettingStartedTests : IDisposable
{
    private readonly ColorImages _images = new(30);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_saved_model_predicts_a_photo()
    {
        string modelFile = Path.Combine(_folder.Path, "model.zip"),
            photoFile = _images.Rows[0].Image;
        Save(modelFile);

        var ml = new MLContext();
        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Photo, Prediction> engine = ml.Model.CreatePredictionEngine<Photo, Prediction>(model);
        Prediction prediction = engine.Predict(new Photo { ImagePath = photoFile });
        Console.WriteLine($"{prediction.PredictedLabel} ({prediction.Score.Max():P1})");

        Assert.Equal(_images.Rows[0].Label, prediction.PredictedLabel);
        Assert.Equal(3, prediction.Score.Length);
    }

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    private void Save(string modelFile)
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromEnumerable(
            _images.Rows.Select(row => new Photo { ImagePath = row.Image, Label = row.Label }).ToArray()
        );
        var pipeline = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions { Backbone = SmallBackbone.Create(), ImageColumnName = "ImagePath" }
                )
            )
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ml.Model.Save(pipeline.Fit(photos), photos.Schema, modelFile);
    }

    public sealed class Photo
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    public sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
