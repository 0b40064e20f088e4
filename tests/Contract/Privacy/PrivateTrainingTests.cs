using Microsoft.ML;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Privacy;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TrainingContract.Privacy;

/// <summary>TrainNetwork with differential privacy.</summary>
public sealed class PrivateTrainingTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(120);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_network_learns_and_says_what_it_promises()
    {
        IDataView data = _images.Paths(_ml);
        using TrainNetworkTransformer model = _ml.TrainNetwork(
                Options(
                    new DifferentialPrivacy
                    {
                        NoiseMultiplier = 0.6,
                        Delta = 1e-3,
                        NoiseSeed = 1,
                    }
                )
            )
            .Fit(data);
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.8);

        PrivacyGuarantee promise = model.Result.Privacy!;
        // 120 images in batches of 20 are 6 steps an epoch.
        Assert.Equal((60, 20 / 120.0, 0.6), (promise.Steps, promise.SampleRate, promise.NoiseMultiplier));
        var accountant = new RdpAccountant();
        accountant.Add(0.6, 20 / 120.0, 60);
        Assert.Equal(accountant.EpsilonAt(1e-3), promise.Epsilon);
        string card = Path.Combine(_folder.Path, "card.md");
        model.ExportOnnx(Path.Combine(_folder.Path, "model.onnx"), new OnnxExportOptions { ModelCardPath = card });
        Assert.Contains("Trained with differential privacy: epsilon ", File.ReadAllText(card));
    }

    [Fact]
    public void Noise_is_chosen_for_an_epsilon()
    {
        TrainNetworkOptions options = Options(new DifferentialPrivacy { Epsilon = 3 });
        options.Epochs = 2;
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(_images.Paths(_ml));
        PrivacyGuarantee promise = model.Result.Privacy!;
        Assert.InRange(promise.Epsilon, 2.98, 3);
        Assert.Equal(Math.Pow(120, -1.1), promise.Delta);
        Assert.Equal(12, promise.Steps);
    }

    [Fact]
    public void A_stopped_run_promises_for_the_steps_it_made()
    {
        TrainNetworkOptions options = Options(new DifferentialPrivacy { Epsilon = 3 });
        options.Callbacks = [new StopAtStep(4)];
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(_images.Paths(_ml));
        Assert.Equal(4, model.Result.Privacy!.Steps);
        Assert.True(model.Result.Privacy.Epsilon < 2.5);
    }

    [Fact]
    public void Batch_norm_is_refused_with_what_to_do()
    {
        TrainNetworkOptions options = Options(new DifferentialPrivacy());
        options.CreateGraph = SmallCnn.Create;
        var error = Assert.Throws<InvalidOperationException>(() => _ml.TrainNetwork(options).Fit(_images.Paths(_ml)));
        Assert.Contains("Node BatchNormalization 'bn1' normalizes by the whole batch", error.Message);
        Assert.Contains("ReplaceBatchNorm", error.Message);
    }

    [Fact]
    public void An_epsilon_that_cannot_be_kept_is_refused_before_training()
    {
        TrainNetworkOptions options = Options(new DifferentialPrivacy { Epsilon = 1e-3, Delta = 1e-9 });
        var error = Assert.Throws<InvalidOperationException>(() => _ml.TrainNetwork(options).Fit(_images.Paths(_ml)));
        Assert.Contains("The least that can be shown is", error.Message);
    }

    [Fact]
    public void A_delta_that_is_no_promise_is_refused()
    {
        TrainNetworkOptions options = Options(new DifferentialPrivacy { Delta = 0.01 });
        var error = Assert.Throws<InvalidOperationException>(() => _ml.TrainNetwork(options).Fit(_images.Paths(_ml)));
        Assert.Contains("no promise for 120 training images", error.Message);
    }

    private TrainNetworkOptions Options(DifferentialPrivacy privacy) =>
        new()
        {
            CreateGraph = outputs => SmallCnn.Create(outputs).ReplaceBatchNorm(groups: 4),
            ImageColumnName = "Image",
            Epochs = 10,
            BatchSize = 20,
            LearningRate = 0.02f,
            Optimizer = new Adam(),
            Privacy = privacy,
            Seed = 1,
            Threads = 1,
            Runtime = RuntimeUnderTest.Create(),
        };
}
