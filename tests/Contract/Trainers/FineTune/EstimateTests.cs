using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.Estimates;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.TrainingContract.Trainers.FineTune;

/// <summary>Estimates of time and memory with this runtime, through the public API.</summary>
public sealed class EstimateTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(96);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void Fine_tuning_is_estimated_by_its_phases()
    {
        var calls = new CountedCalls();
        FineTuneOptions options = new()
        {
            Backbone = SmallBackbone.Create(),
            TrainableLayers = FineTuneLayers.All,
            FreezeEpochs = 7,
            Epochs = 9,
            BatchSize = 8,
            Seed = 1,
            Callbacks = [calls],
            Runtime = RuntimeUnderTest.Create(),
        };
        TrainingEstimate estimate = _ml.FineTune(options).Estimate(_images.Paths(_ml));
        Assert.Equal((96, 7, 9), (estimate.Rows, estimate.HeadEpochs, estimate.NetworkEpochs));
        Assert.True(estimate.Reading > TimeSpan.Zero && estimate.HeadEpoch > TimeSpan.Zero && estimate.NetworkStep > TimeSpan.Zero);
        Assert.Equal(12 * estimate.NetworkStep, estimate.NetworkEpoch);
        Assert.Equal(estimate.Reading + 7 * estimate.HeadEpoch + 9 * estimate.NetworkEpoch, estimate.Total);
        Assert.InRange(estimate.Memory!.Value, 100_000, 100_000_000);
        Assert.True(estimate.LargestBatchSize > 8);
        Assert.Equal(0, calls.Count);
        Assert.Contains("96 images", estimate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_alone_has_no_network_phase()
    {
        FineTuneOptions options = new() { Backbone = SmallBackbone.Create(), Runtime = RuntimeUnderTest.Create() };
        TrainingEstimate estimate = _ml.FineTune(options).Estimate(_images.Paths(_ml));
        Assert.Equal((60, 0), (estimate.HeadEpochs, estimate.NetworkEpochs));
        Assert.Null(estimate.LargestBatchSize);
    }

    [Fact]
    public void A_network_from_scratch_is_estimated()
    {
        TrainNetworkOptions options = new()
        {
            CreateGraph = SmallCnn.Create,
            Epochs = 40,
            BatchSize = 12,
            Seed = 1,
            Runtime = RuntimeUnderTest.Create(),
        };
        long started = Stopwatch.GetTimestamp();
        TrainingEstimate estimate = _ml.TrainNetwork(options).Estimate(_images.Paths(_ml), steps: 4);
        // It is made of a part of the run that it is about.
        Assert.Equal((0, 40), (estimate.HeadEpochs, estimate.NetworkEpochs));
        Assert.InRange(estimate.NetworkStep, TimeSpan.Zero, Stopwatch.GetElapsedTime(started));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.TrainNetwork(options).Estimate(_images.Paths(_ml), steps: 2));
    }

    private sealed class CountedCalls : TrainingCallback
    {
        public int Count { get; private set; }

        public override void OnTrainBegin(TrainBeginArguments arguments) => Count++;
    }
}
