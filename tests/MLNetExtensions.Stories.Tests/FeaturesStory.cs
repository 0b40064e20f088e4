using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Stories.Tests.Drawing;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A backbone in front of a trainer of ML.NET's own; no training runtime takes part.</summary>
public sealed class FeaturesStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Features_feed_MLNETs_own_trainer()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        ITransformer model = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.ExtractImageFeatures("Features", "ImagePath", TinyNetwork.Backbone()))
            .AppendCacheCheckpoint(ml)
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy())
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(photos);

        Assert.True(ml.MulticlassClassification.Evaluate(model.Transform(photos)).MicroAccuracy > 0.8);
        string file = _folder.File("model.zip");
        ml.Model.Save(model, photos.Schema, file);
        Assert.Equal(
            model.Transform(photos).GetColumn<string>("PredictedLabel"),
            new MLContext().Model.Load(file, out _).Transform(photos).GetColumn<string>("PredictedLabel")
        );
    }
}
