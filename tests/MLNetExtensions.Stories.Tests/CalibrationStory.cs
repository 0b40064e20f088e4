using Microsoft.ML;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Probabilities should mean what they say.</summary>
public sealed class CalibrationStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 48);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_timid_network_is_calibrated_and_decides_the_same()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        var options = new TrainNetworkOptions
        {
            Network = new TinyNetwork(),
            ImageColumnName = "ImagePath",
            Epochs = 15,
            LearningRate = 0.02f,
            LabelSmoothing = 0.6f,
            ValidationSet = data,
            Seed = 2,
        };
        using TrainNetworkTransformer timid = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);
        ClassificationReport before = ml.Vision().Report(timid.Transform(data));
        TemperatureScaling scaling = ml.Vision().FitTemperature(timid.Transform(data));
        Assert.True(scaling.Temperature < 1, $"temperature {scaling.Temperature}");
        Assert.True(scaling.LogLossAfter < scaling.LogLossBefore);

        options.CalibrateProbabilities = true;
        using TrainNetworkTransformer honest = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);

        ClassificationReport after = ml.Vision().Report(honest.Transform(data));
        Assert.NotNull(honest.Result.Temperature);
        Assert.True(after.ExpectedCalibrationError < before.ExpectedCalibrationError);
        Assert.True(after.LogLoss < before.LogLoss);
        Assert.Equal(before.Accuracy, after.Accuracy, 1e-9);
    }
}
