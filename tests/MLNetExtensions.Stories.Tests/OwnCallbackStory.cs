using Microsoft.ML;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A user's own callback follows a run and ends it.</summary>
public sealed class OwnCallbackStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 24);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_callback_stops_the_run_when_the_loss_is_low_enough()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        var goodEnough = new StopBelow(loss: 0.8);
        string log = _folder.File("log.csv");
        using TrainNetworkTransformer model = ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new TinyNetwork(),
                    ImageColumnName = "ImagePath",
                    Epochs = 100,
                    LearningRate = 0.02f,
                    Callbacks = [goodEnough, new CsvLogCallback(log)],
                }
            )
            .Fit(data);

        TrainingHistory history = model.Result.History;
        Assert.Equal(StopReason.Stopped, history.StopReason);
        Assert.EndsWith(": good enough", history.StopMessage, StringComparison.Ordinal);
        Assert.InRange(history.Epochs.Count, 1, 99);
        Assert.True(history.Epochs[^1].TrainLoss < 0.8);
        Assert.Equal(history.Epochs.Count, goodEnough.Epochs);
        Assert.Equal(goodEnough.Steps, history.Epochs.Count * goodEnough.StepsPerEpoch);
        Assert.Equal(1 + history.Epochs.Count, File.ReadAllLines(log).Length);
    }

    private sealed class StopBelow(double loss) : TrainingCallback
    {
        public int Epochs { get; private set; }

        public int Steps { get; private set; }

        public int StepsPerEpoch { get; private set; }

        public override void OnTrainBegin(TrainBeginArguments arguments) => StepsPerEpoch = arguments.Run.StepsPerEpoch;

        public override void OnStepEnd(StepEndArguments arguments) => Steps++;

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            Epochs++;
            if (arguments.Result.TrainLoss < loss)
                arguments.Run.RequestStop("good enough");
        }
    }
}
