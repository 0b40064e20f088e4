using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Networks of one and of four channels.</summary>
public sealed class GrayImagesStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36, isGray: true);
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_backbone_of_colors_learns_gray_images()
    {
        Backbone gray = TinyNetwork.Backbone().WithChannels(ImageChannelOrder.Gray);
        Assert.Equal(ImageChannelOrder.Gray, gray.Preprocessing.Channels);
        IDataView data = Data();
        using FineTuneTransformer model = _ml
            .MulticlassClassification.Trainers.FineTune(new FineTuneOptions { Backbone = gray, ImageColumnName = "ImagePath" })
            .Fit(data);
        AssertKnowsAndSaves(model, data);
    }

    [Theory]
    [InlineData(ImageChannelOrder.Gray, 1)]
    [InlineData(ImageChannelOrder.Rgba, 4)]
    public void A_network_is_trained_on_other_channels(ImageChannelOrder channels, int planes)
    {
        IDataView data = Data();
        var options = new TrainNetworkOptions
        {
            Network = new TinyNetwork(),
            Channels = channels,
            ImageColumnName = "ImagePath",
            BatchSize = 8,
            Epochs = 30,
            LearningRate = 0.02f,
        };
        using TrainNetworkTransformer model = _ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);
        Assert.Equal(planes, model.Model.Inputs[0].Shape![1].Size);
        AssertKnowsAndSaves(model, data);
    }

    private void AssertKnowsAndSaves(ITransformer model, IDataView data)
    {
        IDataView scored = model.Transform(data);
        double accuracy = _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy;
        Assert.True(accuracy > 0.8, $"accuracy {accuracy}");
        string file = _folder.File("model.zip");
        _ml.Model.Save(model, data.Schema, file);
        IDataView reloaded = new MLContext().Model.Load(file, out _).Transform(data);
        Assert.Equal(
            scored.GetColumn<float[]>("Score").SelectMany(s => s),
            reloaded.GetColumn<float[]>("Score").SelectMany(s => s),
            (a, b) => Math.Abs(a - b) < 1e-5f
        );
    }

    private IDataView Data()
    {
        IDataView photos = _ml.Data.LoadFromImageFolder(_folder.Photos);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
    }
}
