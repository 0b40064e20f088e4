using Microsoft.ML;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TensorFlow.Tests.Cluster;

/// <summary>
/// The trainers, through the public API, with several workers: each trains on its share of every step, and all get the model of one worker.
/// </summary>
public sealed class SharedTrainingTests : IDisposable
{
    // Of 31 rows 25 are trained on, in steps of 8: the last step has one row, which is the first worker's.
    private readonly ColorImages _images = new(31);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task Workers_train_the_cnn_of_one(int count, int accumulation)
    {
        var outputs = new Outputs();
        TrainNetworkOptions options = Options();
        (options.GradientAccumulation, options.BalanceClasses, options.Callbacks) = (accumulation, true, [outputs]);
        using TrainNetworkTransformer alone = Fit(options, null);
        var shared = new Outputs();
        await LocalWorkers.Run(
            count,
            cluster =>
            {
                TrainNetworkOptions own = Options();
                // One worker wants the outputs of all rows, and the others help it.
                (own.GradientAccumulation, own.BalanceClasses, own.Callbacks) = (accumulation, true, cluster.Index == 1 ? [shared] : []);
                using TrainNetworkTransformer model = Fit(own, cluster);
                AssertSame(alone, model);
            }
        );
        Assert.Equal(outputs.Last, shared.Last, (a, b) => Math.Abs(a - b) < 1e-3f);
    }

    [Fact]
    public async Task Workers_train_in_16_bits()
    {
        using TrainNetworkTransformer alone = Fit(In16Bits(), null);
        await LocalWorkers.Run(
            2,
            cluster =>
            {
                using TrainNetworkTransformer model = Fit(In16Bits(), cluster);
                Assert.EndsWith("bf16", model.Result.History.Device, StringComparison.Ordinal);
                Assert.Equal(alone.Result.History.Epochs[^1].TrainLoss, model.Result.History.Epochs[^1].TrainLoss, 0.05);
            }
        );

        static TrainNetworkOptions In16Bits()
        {
            TrainNetworkOptions options = Options();
            options.Precision = TrainingPrecision.BFloat16;
            return options;
        }
    }

    [Fact]
    public async Task Workers_fine_tune_the_network_of_one()
    {
        using FineTuneTransformer alone = FineTune(null);
        await LocalWorkers.Run(
            2,
            cluster =>
            {
                using FineTuneTransformer model = FineTune(cluster);
                AssertSame(alone, model);
            }
        );

        FineTuneTransformer FineTune(TensorFlowCluster? cluster)
        {
            var ml = new MLContext(seed: 1);
            return ml
                .MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions
                    {
                        Backbone = SmallBackbone.Create(),
                        TrainableLayers = FineTuneLayers.All,
                        FreezeEpochs = 2,
                        Epochs = 2,
                        HeadDropout = 0,
                        BatchSize = 10,
                        ValidationFraction = 0.2f,
                        CalibrateProbabilities = true,
                        Seed = 1,
                        Threads = 1,
                        Precision = TrainingPrecision.Float32,
                        Runtime = Runtime(cluster),
                    }
                )
                .Fit(_images.Paths(ml));
        }
    }

    [Fact]
    public async Task The_first_worker_writes_the_files_and_one_alone_goes_on_from_them()
    {
        using TrainNetworkTransformer whole = Fit(Options(), null);
        string checkpoints = Path.Combine(_folder.Path, "checkpoints"),
            log = Path.Combine(_folder.Path, "log.csv");
        await LocalWorkers.Run(
            2,
            cluster =>
            {
                TrainNetworkOptions options = Options();
                options.Callbacks =
                [
                    new CheckpointCallback(checkpoints),
                    new CsvLogCallback(log),
                    new BestModelCallback(Path.Combine(_folder.Path, "best.onnx")),
                    new TensorBoardCallback(Path.Combine(_folder.Path, "board")),
                    .. cluster.Index == 1 ? [new StopAfterEpoch(2)] : Array.Empty<TrainingCallback>(),
                ];
                using TrainNetworkTransformer model = Fit(options, cluster);
                // The other worker was asked, and ends this one too.
                Assert.Equal((StopReason.Stopped, 2), (model.Result.History.StopReason, model.Result.History.Epochs.Count));
            }
        );
        Assert.Equal(2, Directory.GetFiles(checkpoints).Length);
        Assert.Equal(3, File.ReadAllLines(log).Length);
        Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "board"), "*", SearchOption.AllDirectories));

        TrainNetworkOptions resumed = Options();
        resumed.ResumeFrom = checkpoints;
        using TrainNetworkTransformer model = Fit(resumed, null);
        Assert.Equal(3, model.Result.History.Epochs.Count);
        AssertSame(whole, model);
    }

    [Fact]
    public async Task Workers_with_other_data_or_seeds_are_told_so()
    {
        await LocalWorkers.AssertRefused(
            "TrainingRows is 25 on worker 0",
            cluster =>
            {
                var ml = new MLContext(seed: 1);
                IDataView view = _images.Paths(ml);
                ml.MulticlassClassification.Trainers.TrainNetwork(Options(cluster))
                    .Fit(cluster.Index == 0 ? view : ml.Data.TakeRows(view, 29));
            }
        );
        await LocalWorkers.AssertRefused(
            "Seed is ",
            cluster =>
            {
                TrainNetworkOptions options = Options(cluster);
                options.Seed = null;
                var ml = new MLContext();
                ml.TrainNetwork(options).Fit(_images.Paths(ml));
            }
        );
    }

    private static void AssertSame(TrainedImageTransformer expected, TrainedImageTransformer actual)
    {
        foreach ((EpochResult one, EpochResult other) in expected.Result.History.Epochs.Zip(actual.Result.History.Epochs))
        {
            Assert.Equal(one.TrainLoss, other.TrainLoss, 1e-4);
            Assert.Equal(one.ValidationLoss!.Value, other.ValidationLoss!.Value, 1e-4);
            Assert.Equal(one.ValidationAccuracy, other.ValidationAccuracy);
        }
        Assert.Equal(expected.Result.History.BestEpoch, actual.Result.History.BestEpoch);
        Assert.Equal(expected.Result.Temperature?.Temperature ?? 1, actual.Result.Temperature?.Temperature ?? 1, 1e-2);
        Assert.All(
            expected.Model.Initializers.Where(e => e.Value.ElementType == OnnxElementType.Float),
            e => Assert.Equal(e.Value.ToFloats(), actual.Model.Initializers[e.Key].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-4f)
        );
    }

    private TrainNetworkTransformer Fit(TrainNetworkOptions options, TensorFlowCluster? cluster)
    {
        var ml = new MLContext(seed: 1);
        options.Runtime = Runtime(cluster);
        return ml.TrainNetwork(options).Fit(_images.Paths(ml));
    }

    private static TrainNetworkOptions Options(TensorFlowCluster? cluster = null) =>
        new()
        {
            Network = new LeNet5(),
            Augmentation = Augment.Compose(new HorizontalFlip()),
            ValidationFraction = 0.2f,
            Epochs = 3,
            BatchSize = 8,
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
            Runtime = Runtime(cluster),
        };

    private static TensorFlowRuntime Runtime(TensorFlowCluster? cluster) =>
        TensorFlowRuntime.Create(new TensorFlowRuntimeOptions { Cluster = cluster });

    private sealed class Outputs : TrainingCallback
    {
        public float[] Last { get; private set; } = [];

        public override bool NeedsValidationOutputs => true;

        public override void OnEpochEnd(EpochEndArguments arguments) => Last = [.. arguments.ValidationOutputs.Span];
    }

    private sealed class StopAfterEpoch(int epoch) : TrainingCallback
    {
        public override void OnStepEnd(StepEndArguments arguments)
        {
            if (arguments.Epoch == epoch)
                arguments.Run.RequestStop("enough");
        }
    }
}
