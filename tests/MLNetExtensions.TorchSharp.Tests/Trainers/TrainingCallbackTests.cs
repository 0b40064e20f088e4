using Microsoft.ML;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Schedules;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>Checkpoints, resuming and logs, through the public API of both trainers.</summary>
public sealed class TrainingCallbackTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(30);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)] // after epoch 3
    [InlineData(1)] // a step later: in the middle of epoch 4
    public void Three_epochs_and_the_rest_are_six(int stepsMore)
    {
        using TrainNetworkTransformer whole = Fit(Options());
        TrainNetworkOptions options = Options();
        options.Callbacks = [new CheckpointCallback(Folder) { EverySteps = 1, MaxToKeep = 1 }, new StopAtStep(3 * 2 + stepsMore)];
        using TrainNetworkTransformer part = Fit(options);
        Assert.Equal(StopReason.Stopped, part.Result.History.StopReason);
        Assert.Contains("enough", part.Result.History.StopMessage, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Folder));

        options = Options();
        options.ResumeFrom = Folder;
        using TrainNetworkTransformer resumed = Fit(options);

        AssertSameWeights(whole.Model, resumed.Model);
        Assert.Equal(
            whole.Result.History.Epochs.Select(e => (e.TrainLoss, e.ValidationLoss)),
            resumed.Result.History.Epochs.Select(e => (e.TrainLoss, e.ValidationLoss))
        );
        Assert.Equal(Directory.GetFiles(Folder)[0], resumed.Result.History.ResumedFrom);
        Assert.Null(whole.Result.History.ResumedFrom);
    }

    [Fact]
    public void More_epochs_may_follow_a_finished_run()
    {
        TrainNetworkOptions options = Options();
        (options.Epochs, options.Schedule, options.Callbacks) = (3, new ConstantSchedule(), [new CheckpointCallback(Folder)]);
        Fit(options).Dispose();
        options = Options();
        (options.Schedule, options.ResumeFrom) = (new ConstantSchedule(), Folder);
        using TrainNetworkTransformer resumed = Fit(options);
        options.ResumeFrom = null;
        using TrainNetworkTransformer whole = Fit(options);
        AssertSameWeights(whole.Model, resumed.Model);
    }

    [Fact]
    public void A_checkpoint_of_other_settings_is_refused_with_the_differences()
    {
        TrainNetworkOptions options = Options();
        (options.Epochs, options.Callbacks) = (1, [new CheckpointCallback(Folder)]);
        Fit(options).Dispose();

        (options.ResumeFrom, options.BatchSize, options.LearningRate) = (Folder, 7, 0.5f);
        CheckpointException error = Assert.Throws<CheckpointException>(() => Fit(options));
        Assert.Contains("BatchSize was 12 and is now 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("LearningRate was 0.03 and is now 0.5", error.Message, StringComparison.Ordinal);

        options = Options();
        (options.ResumeFrom, options.CreateGraph) = (
            Folder,
            outputs =>
                SmallCnn.Create(outputs) with
                {
                    Nodes = [.. SmallCnn.Create(outputs).Nodes.Where(n => n.OpType != "Dropout").Select(Undropped)],
                }
        );
        Assert.Contains("Network was", Assert.Throws<CheckpointException>(() => Fit(options)).Message, StringComparison.Ordinal);

        options = Options();
        options.ResumeFrom = Path.Combine(Folder, "nothing.ckpt");
        Assert.Contains("nothing.ckpt", Assert.Throws<FileNotFoundException>(() => Fit(options)).Message, StringComparison.Ordinal);

        static OnnxNode Undropped(OnnxNode node) =>
            node.Inputs.Contains("dropped") ? node with { Inputs = ["flat", .. node.Inputs.Skip(1)] } : node;
    }

    [Fact]
    public void The_newest_good_checkpoint_serves_where_the_newest_is_damaged()
    {
        TrainNetworkOptions options = Options();
        options.Callbacks = [new CheckpointCallback(Folder), new StopAtStep(2 * 2)];
        Fit(options).Dispose();
        string newest = Directory.GetFiles(Folder).Order(StringComparer.Ordinal).Last();
        using (FileStream file = File.OpenWrite(newest))
            file.SetLength(file.Length - 100);
        File.SetLastWriteTimeUtc(newest, DateTime.UtcNow.AddMinutes(1));

        options = Options();
        options.ResumeFrom = Folder;
        Assert.Contains("cut short", Assert.Throws<CheckpointException>(() => Fit(options)).Message, StringComparison.Ordinal);

        options.ResumeFromPrevious = true;
        using TrainNetworkTransformer resumed = Fit(options);
        options.ResumeFrom = null;
        options.ResumeFromPrevious = false;
        using TrainNetworkTransformer whole = Fit(options);
        AssertSameWeights(whole.Model, resumed.Model);
        Assert.Contains(resumed.Result.Warnings, w => w.Contains("cut short", StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_folder_begins_anew()
    {
        Directory.CreateDirectory(Folder);
        TrainNetworkOptions options = Options();
        (options.Epochs, options.ResumeFrom) = (1, Folder);
        using TrainNetworkTransformer model = Fit(options);
        Assert.Null(model.Result.History.ResumedFrom);
    }

    [Fact]
    public void Fine_tuning_goes_on_in_the_backbones_phase()
    {
        using FineTuneTransformer whole = FitFineTune(FineTuneOptions());
        FineTuneOptions options = FineTuneOptions();
        options.Callbacks = [new CheckpointCallback(Folder), new StopAtStep(2 * 2) { Phase = TrainingPhase.Backbone }];
        FitFineTune(options).Dispose();
        options = FineTuneOptions();
        options.ResumeFrom = Folder;
        using FineTuneTransformer resumed = FitFineTune(options);
        Assert.Equal(
            [TrainingPhase.Head, TrainingPhase.Head, .. Enumerable.Repeat(TrainingPhase.Backbone, 4)],
            resumed.Result.History.Epochs.Select(e => e.Phase)
        );
        AssertSameWeights(whole.Model, resumed.Model);
    }

    [Fact]
    public void The_best_models_file_is_the_transformers_model()
    {
        string file = Path.Combine(_folder.Path, "best", "model.onnx");
        TrainNetworkOptions options = Options();
        options.Callbacks = [new BestModelCallback(file)];
        using TrainNetworkTransformer model = Fit(options);
        OnnxGraph best = OnnxGraph.Load(file);
        AssertSameWeights(model.Model, best);
        Assert.Equal(model.Model.Outputs.Select(o => o.Name), best.Outputs.Select(o => o.Name));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void The_CSV_log_has_a_row_an_epoch_also_across_a_resumed_run()
    {
        string file = Path.Combine(_folder.Path, "log.csv");
        TrainNetworkOptions options = Options();
        options.Callbacks = [new CsvLogCallback(file)];
        Fit(options).Dispose();
        string[][] whole = Read();
        Assert.Equal(7, whole.Length);
        Assert.Equal(["phase", "epoch", "train_loss"], whole[0][..3]);

        // The run is broken off in epoch 5, its last checkpoint is that of epoch 3.
        options = Options();
        options.Callbacks = [new CsvLogCallback(file), new CheckpointCallback(Folder) { EveryEpochs = 3 }, new StopAtStep(4 * 2 + 1)];
        Fit(options).Dispose();
        Assert.Equal(5, Read().Length);
        options = Options();
        (options.Callbacks, options.ResumeFrom) = ([new CsvLogCallback(file)], Folder);
        Fit(options).Dispose();
        Assert.Equal(whole.Select(row => row[..7]), Read().Select(row => row[..7]));

        string[][] Read() => [.. File.ReadAllLines(file).Select(line => line.Split(','))];
    }

    [Fact]
    public void TensorBoard_gets_all_it_can_show()
    {
        TrainNetworkOptions options = Options();
        (options.Epochs, options.Callbacks, options.Augmentation) = (2, [new TensorBoardCallback(Folder)], Augment.Cifar());
        Fit(options).Dispose();
        byte[] events = File.ReadAllBytes(Assert.Single(Directory.GetFiles(Folder)));
        string text = System.Text.Encoding.Latin1.GetString(events);
        Assert.All(
            (string[])
                [
                    "loss/step",
                    "learning_rate",
                    "loss/train",
                    "loss/validation",
                    "validation/accuracy",
                    "time/data_wait_fraction",
                    "batch",
                    "confusion",
                    "weights/conv1.weight",
                    "gradients/conv1.weight",
                ],
            tag => Assert.Contains(tag, text, StringComparison.Ordinal)
        );
        Assert.Contains("BatchNormalization", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_lets_callbacks_close_their_files()
    {
        var end = new Ending();
        TrainNetworkOptions options = Options();
        options.Callbacks = [end, new Throwing()];
        Assert.Equal("mine", Assert.Throws<InvalidOperationException>(() => Fit(options)).Message);
        Assert.Equal((StopReason.Failed, "mine"), end.Seen);
    }

    private string Folder => Path.Combine(_folder.Path, "checkpoints");

    private TrainNetworkTransformer Fit(TrainNetworkOptions options) => _ml.TrainNetwork(options).Fit(_images.Paths(_ml));

    private FineTuneTransformer FitFineTune(FineTuneOptions options) => _ml.FineTune(options).Fit(_images.Paths(_ml));

    private static TrainNetworkOptions Options() =>
        new()
        {
            CreateGraph = SmallCnn.Create,
            Epochs = 6,
            BatchSize = 12,
            LearningRate = 0.03f,
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
            ValidationFraction = 0.2f,
            Augmentation = Augment.Cifar(),
        };

    private static FineTuneOptions FineTuneOptions() =>
        new()
        {
            Backbone = SmallBackbone.Create(),
            TrainableLayers = FineTuneLayers.LastStages(2),
            FreezeEpochs = 2,
            Epochs = 4,
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
        };

    private static void AssertSameWeights(OnnxGraph expected, OnnxGraph actual)
    {
        Assert.Equal(expected.Initializers.Keys, actual.Initializers.Keys);
        Assert.All(
            expected.Initializers,
            i => Assert.True(i.Value.RawData.Span.SequenceEqual(actual.Initializers[i.Key].RawData.Span), i.Key)
        );
    }

    private sealed class StopAtStep(int step) : TrainingCallback
    {
        public TrainingPhase Phase { get; init; } = TrainingPhase.Network;

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            if (arguments.Step == step && arguments.Run.Phase == Phase)
                arguments.Run.RequestStop("enough");
        }

        public override void OnStepEnd(StepEndArguments arguments)
        {
            if (arguments.Step == step && arguments.Run.Phase == Phase && step % arguments.Run.StepsPerEpoch != 0)
                arguments.Run.RequestStop("enough");
        }
    }

    private sealed class Throwing : TrainingCallback
    {
        public override void OnStepEnd(StepEndArguments arguments) => throw new InvalidOperationException("mine");
    }

    private sealed class Ending : TrainingCallback
    {
        public (StopReason, string) Seen { get; private set; }

        public override void OnTrainEnd(TrainEndArguments arguments) => Seen = (arguments.Reason, arguments.Message);
    }
}
