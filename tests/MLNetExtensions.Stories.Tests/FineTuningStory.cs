using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A folder of photos becomes a model file that another program loads.</summary>
public sealed class FineTuningStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_split_learned_evaluated_saved_and_loaded()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        DataOperationsCatalog.TrainTestData split = ml.Data.TrainTestSplit(photos, testFraction: 0.25);
        ITransformer model = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions { Backbone = TinyNetwork.Backbone(), ImageColumnName = "ImagePath" }
                )
            )
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(split.TrainSet);

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Assert.True(metrics.MicroAccuracy >= 0.8, $"accuracy {metrics.MicroAccuracy}");
        string modelFile = _folder.File("model.zip");
        ml.Model.Save(model, photos.Schema, modelFile);

        ITransformer loaded = new MLContext().Model.Load(modelFile, out DataViewSchema schema);
        Assert.Equal(["ImagePath", "Label"], schema.Select(column => column.Name));
        float[][] here = [.. model.Transform(photos).GetColumn<float[]>("Score")],
            there = [.. loaded.Transform(photos).GetColumn<float[]>("Score")];
        Assert.Equal(36, here.Length);
        Assert.Equal(here.SelectMany(s => s), there.SelectMany(s => s), (a, b) => Math.Abs(a - b) < 1e-5f);
        using PredictionEngine<Photo, Prediction> engine = ml.Model.CreatePredictionEngine<Photo, Prediction>(loaded);
        string unseen = _folder.Write("unseen.png", Shape.Png("square", 1000));
        Assert.Equal("square", engine.Predict(new Photo { ImagePath = unseen }).PredictedLabel);
    }

    [Fact]
    public void All_layers_are_trained_where_the_head_alone_is_not_enough()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        var options = new FineTuneOptions
        {
            Backbone = TinyNetwork.Backbone(),
            ImageColumnName = "ImagePath",
            TrainableLayers = FineTuneLayers.All,
            Epochs = 3,
            ValidationFraction = 0.25f,
        };
        using FineTuneTransformer model = ml.MulticlassClassification.Trainers.FineTune(options).Fit(data);

        Assert.Equal((27, 9), (model.Result.TrainingRows, model.Result.ValidationRows));
        Assert.True(ml.Vision().Report(model.Transform(data)).Accuracy > 0.8);
    }
}
