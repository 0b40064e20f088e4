using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.FineTune.LowRank;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.RateTests;
using MLNetExtensions.Training.Schedules;

namespace MLNetExtensions.TrainingContract.Trainers.FineTune;

/// <summary>Ways of fine-tuning a backbone's layers with this runtime, through the public API.</summary>
public sealed class FineTuningStrategyTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(30);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void Layers_move_as_far_as_their_depth_allows()
    {
        // The convolutions of a small network without blocks: three stages, so multipliers of 1/8, 1/4 and 1/2.
        FineTuneOptions options = Options();
        (options.Optimizer, options.LearningRate, options.Schedule) = (new Sgd(), 0.1f, new ConstantSchedule());
        (options.FreezeEpochs, options.BatchSize, options.Epochs, options.ClipGradientNorm) = (0, 64, 1, null);
        Dictionary<string, double> plain = Distances(options);
        options.LayerRates = new LayerDecay(0.5f);
        Dictionary<string, double> decayed = Distances(options);
        foreach ((string name, float multiplier) in new[] { ("block8", 0.125f), ("block12", 0.25f), ("block16", 0.5f) })
            Assert.Equal(multiplier, decayed[$"{name}.conv.weight"] / plain[$"{name}.conv.weight"], 1e-2);
    }

    [Fact]
    public void A_strong_pull_keeps_weights_nearer_to_the_pretrained_ones()
    {
        FineTuneOptions options = Options();
        options.LearningRate = 0.01f;
        Dictionary<string, double> free = Distances(options);
        options.StartDecay = 1e4f;
        Dictionary<string, double> pulled = Distances(options);
        Assert.All(
            pulled.Where(p => p.Key.EndsWith("conv.weight", StringComparison.Ordinal)),
            p => Assert.True(p.Value < 0.5 * free[p.Key])
        );
    }

    [Fact]
    public void Low_rank_adaptation_trains_and_leaves_a_plain_network()
    {
        FineTuneOptions options = Options();
        (options.LowRankAdaptation, options.Epochs, options.FreezeEpochs) = (new LowRankAdaptation(2), 8, 1);
        using FineTuneTransformer model = _ml.MulticlassClassification.Trainers.FineTune(options).Fit(_images.Paths(_ml));
        IReadOnlyList<EpochResult> epochs = [.. model.Result.History.Epochs.Where(e => e.Phase == TrainingPhase.Backbone)];
        Assert.True(epochs[^1].TrainLoss < epochs[0].TrainLoss);
        Assert.DoesNotContain(model.Model.Initializers.Keys, name => name.Contains("lora", StringComparison.Ordinal));
        Assert.DoesNotContain(model.Model.Nodes, node => node.Outputs[0].Contains("lora", StringComparison.Ordinal));
        Assert.True(Distance(options, model.Model, "block16.conv.weight") > 0);
        Assert.Equal(0, Distance(options, model.Model, "block16.bn.weight"));
    }

    [Fact]
    public void Groups_of_layers_are_unfrozen_one_after_another()
    {
        FineTuneOptions options = Options();
        (options.UnfreezeEpochs, options.Epochs) = (2, 4);
        // After four epochs of two each the first of three groups has not been trained.
        Dictionary<string, double> distances = Distances(options);
        Assert.Equal(0, distances["block8.conv.weight"]);
        Assert.True(distances["block12.conv.weight"] > 0);
        Assert.True(distances["block16.conv.weight"] > 0);
        (options.UnfreezeEpochs, options.Epochs) = (2, 5);
        Assert.True(Distances(options)["block8.conv.weight"] > 0);
    }

    [Fact]
    public void A_fraction_of_the_pretrained_weights_is_mixed_in()
    {
        FineTuneOptions options = Options();
        Dictionary<string, double> whole = Distances(options);
        options.PretrainedFraction = 0.75f;
        Assert.All(Distances(options), mixed => Assert.Equal(0.25 * whole[mixed.Key], mixed.Value, 1e-4));
    }

    [Fact]
    public void Adaptation_of_the_head_alone_is_refused()
    {
        FineTuneOptions options = Options();
        (options.TrainableLayers, options.LowRankAdaptation) = (FineTuneLayers.Head, new LowRankAdaptation());
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.FineTune(options)).Message;
        Assert.Contains(nameof(FineTuneOptions.LowRankAdaptation), message, StringComparison.Ordinal);
        Assert.Contains(nameof(FineTuneOptions.TrainableLayers), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_range_test_finds_rates_that_train_and_changes_nothing(bool all)
    {
        FineTuneOptions options = Options();
        options.TrainableLayers = all ? FineTuneLayers.All : FineTuneLayers.Head;
        FineTuneEstimator estimator = _ml.MulticlassClassification.Trainers.FineTune(options);
        IDataView data = _images.Paths(_ml);

        LearningRateCurve curve = estimator.FindLearningRate(data, new LearningRateTestOptions { Minimum = 1e-5f, Steps = 60 });

        Assert.InRange(curve.LearningRates.Count, 20, 60);
        Assert.Equal(1e-5f, curve.LearningRates[0], 1e-7f);
        Assert.Equal(curve.LearningRates.Order(), curve.LearningRates);
        Assert.InRange(curve.Suggestion!.Value, 1e-5f, 10);
        LearningRateCurve again = estimator.FindLearningRate(data, new LearningRateTestOptions { Minimum = 1e-5f, Steps = 60 });
        Assert.Equal(curve.Losses, again.Losses);
    }

    private Dictionary<string, double> Distances(FineTuneOptions options)
    {
        using FineTuneTransformer model = _ml.MulticlassClassification.Trainers.FineTune(options).Fit(_images.Paths(_ml));
        return options
            .Backbone!.Graph.Initializers.Keys.Where(model.Model.Initializers.ContainsKey)
            .ToDictionary(name => name, name => Distance(options, model.Model, name));
    }

    private static double Distance(FineTuneOptions options, OnnxGraph trained, string name) =>
        Math.Sqrt(
            options
                .Backbone!.Graph.Initializers[name]
                .ToFloats()
                .Zip(trained.Initializers[name].ToFloats(), (a, b) => Math.Pow(a - b, 2))
                .Sum()
        );

    private static FineTuneOptions Options() =>
        new()
        {
            Backbone = SmallBackbone.Create(),
            TrainableLayers = FineTuneLayers.All,
            Epochs = 3,
            FreezeEpochs = 1,
            Seed = 1,
            Threads = 1,
            HeadDropout = 0,
            Precision = TrainingPrecision.Float32,
            Runtime = RuntimeUnderTest.Create(),
        };
}
