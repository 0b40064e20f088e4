using Microsoft.ML;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A run is broken off and goes on another day.</summary>
public sealed class InterruptedTrainingStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_resumed_run_ends_as_one_that_was_never_interrupted()
    {
        using TrainNetworkTransformer whole = Train([], resumeFrom: null, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        string checkpoints = _folder.File("checkpoints");
        using TrainNetworkTransformer part = Train(
            [new CheckpointCallback(checkpoints), new CancelAfter(2, stop)],
            resumeFrom: null,
            stop.Token
        );
        Assert.Equal(StopReason.Canceled, part.Result.History.StopReason);

        using TrainNetworkTransformer resumed = Train([], checkpoints, CancellationToken.None);

        Assert.NotNull(resumed.Result.History.ResumedFrom);
        Assert.Equal(
            whole.Result.History.Epochs.Select(epoch => epoch.TrainLoss),
            resumed.Result.History.Epochs.Select(epoch => epoch.TrainLoss)
        );
        Assert.Equal(whole.Model.ToBytes(), resumed.Model.ToBytes());
    }

    [Fact]
    public void Another_network_does_not_go_on_from_the_checkpoint()
    {
        string checkpoints = _folder.File("checkpoints");
        Train([new CheckpointCallback(checkpoints)], resumeFrom: null, CancellationToken.None).Dispose();

        Exception error = Assert.ThrowsAny<Exception>(() => Train([], checkpoints, CancellationToken.None, filters: 12));

        Assert.Contains("Network was", error.Message, StringComparison.Ordinal);
    }

    private TrainNetworkTransformer Train(TrainingCallback[] callbacks, string? resumeFrom, CancellationToken cancellation, int filters = 8)
    {
        IDataView photos = _ml.Data.LoadFromImageFolder(_folder.Photos);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        return _ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new TinyNetwork { Filters = filters },
                    ImageColumnName = "ImagePath",
                    Epochs = 4,
                    Seed = 3,
                    Callbacks = callbacks,
                    ResumeFrom = resumeFrom,
                    CancellationToken = cancellation,
                }
            )
            .Fit(data);
    }

    /// <summary>A user who presses Ctrl+C.</summary>
    private sealed class CancelAfter(int epochs, CancellationTokenSource stop) : TrainingCallback
    {
        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            if (arguments.Run.History.Count == epochs)
                stop.Cancel();
        }
    }
}
