using Microsoft.ML;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Schedules;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

public sealed class TrainNetworkBadInputTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(12);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void One_message_lists_all_impossible_options()
    {
        var options = new TrainNetworkOptions
        {
            Task = ImageTask.Ordinal,
            Epochs = 0,
            BatchSize = 0,
            LearningRate = float.NaN,
            ValidationFraction = 1,
            BatchAugmentation = new Mixup(),
            Loss = new CrossEntropy(),
            EarlyStopping = new EarlyStopping(0),
            GradientAccumulation = 0,
            Threads = 0,
            MaxInvalidImages = -1,
            ResumeFromPrevious = true,
            CalibrateProbabilities = true,
        };
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.TrainNetwork(options)).Message;
        Assert.All(
            (string[])
                [
                    "Network is not set",
                    "Epochs must be at least 1, not 0",
                    "BatchSize",
                    "LearningRate",
                    "ValidationFraction",
                    "BatchAugmentation",
                    "Loss",
                    "EarlyStopping",
                    "GradientAccumulation",
                    "Threads",
                    "MaxInvalidImages",
                    "ResumeFromPrevious",
                    "CalibrateProbabilities must be false for Ordinal",
                ],
            name => Assert.Contains(name, message, StringComparison.Ordinal)
        );
        Assert.Contains(
            "Network is not set",
            Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.TrainNetwork(new TrainNetworkOptions())).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new TrainNetworkOptions();
        Assert.Equal(
            (ImageTask.Classification, 10, 64, 1e-3f, 0f),
            (options.Task, options.Epochs, options.BatchSize, options.LearningRate, options.LabelSmoothing)
        );
        Assert.Equal(
            ("Label", "Image", "Score", "PredictedLabel"),
            (options.LabelColumnName, options.ImageColumnName, options.ScoreColumnName, options.PredictedLabelColumnName)
        );
        Assert.Equal(
            (32, 32, BatchNormMode.Train, TrainingPrecision.Auto, true, 1L << 30),
            (
                options.ImageWidth,
                options.ImageHeight,
                options.BatchNorm,
                options.Precision,
                options.RestoreBestWeights,
                options.MemoryBudget
            )
        );
        Assert.IsType<OneCycleSchedule>(options.Schedule);
        Assert.Equal(
            (1, 0f, 0f, 0),
            (options.GradientAccumulation, options.L1Regularization, options.L2Regularization, options.MaxInvalidImages)
        );
    }

    [Fact]
    public void A_ready_network_is_built_for_the_classes()
    {
        TrainNetworkOptions options = Options();
        (options.CreateGraph, options.Network, options.ImageWidth, options.ImageHeight) = (null, new SeedCnn(), 24, 20);
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(_images.Paths(_ml));
        Assert.Equal([24, 20], [model.Model.Inputs[0].Shape![3].Size!.Value, model.Model.Inputs[0].Shape![2].Size!.Value]);
    }

    [Fact]
    public void A_network_of_other_outputs_is_refused_before_images_are_read()
    {
        TrainNetworkOptions options = Options();
        options.CreateGraph = _ => SmallCnn.Create(7);
        string message = Assert.Throws<OnnxFormatException>(() => Fit(options)).Message;
        Assert.Contains("[batch,7]", message, StringComparison.Ordinal);
        Assert.Contains("[batch,3]", message, StringComparison.Ordinal);
        Assert.Contains("'Label'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_whose_shapes_do_not_fit_names_the_layer()
    {
        TrainNetworkOptions options = Options();
        options.CreateGraph = outputs =>
        {
            OnnxGraph graph = SmallCnn.Create(outputs);
            var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers)
            {
                ["conv2.weight"] = Batches.Weight(new Random(1), "conv2.weight", 8, 5, 3, 3),
            };
            return graph with { Initializers = initializers };
        };
        Assert.Contains("conv2", Assert.Throws<OnnxFormatException>(() => Fit(options)).Message, StringComparison.Ordinal);
        (options.CreateGraph, options.Network, options.ImageWidth, options.ImageHeight) = (null, new SeedCnn(), 4, 4);
        Assert.Contains("Layer 'conv2d_1'", Assert.Throws<LayerException>(() => Fit(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ImageTask.Classification, "Number", "expected Key")]
    [InlineData(ImageTask.Regression, "Label", "expected Single")]
    [InlineData(ImageTask.MultiLabel, "Number", "expected Vector<Boolean> or Vector<Single>")]
    [InlineData(ImageTask.Ordinal, "Number", "expected Key")]
    public void A_label_of_another_type_is_refused(ImageTask task, string label, string expected)
    {
        TrainNetworkOptions options = Options();
        (options.Task, options.LabelColumnName) = (task, label);
        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => Fit(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_missing_names_its_row()
    {
        ColorImages.Row[] rows = [.. _images.Rows];
        rows[4].Number = float.NaN;
        TrainNetworkOptions options = Options();
        (options.Task, options.LabelColumnName) = (ImageTask.Regression, "Number");
        string message = Assert
            .Throws<InvalidDataException>(() => _ml.TrainNetwork(options).Fit(_ml.Data.LoadFromEnumerable(rows)))
            .Message;
        Assert.Contains("Row 4", message, StringComparison.Ordinal);
        Assert.Contains("'Number'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e9f)]
    public void Training_that_learned_nothing_before_it_fell_apart_throws(float rate)
    {
        TrainNetworkOptions options = Options();
        (options.LearningRate, options.Epochs, options.Schedule, options.Optimizer) = (
            rate,
            5,
            new ConstantSchedule(),
            new MLNetExtensions.Training.Optimizers.Sgd()
        );
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => Fit(options));
        Assert.Contains("Lower LearningRate", error.Message, StringComparison.Ordinal);
        (options.Task, options.LabelColumnName) = (ImageTask.Regression, "Number");
        Assert.Throws<TrainingDivergedException>(() => Fit(options));
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_and_says_what_is_kept()
    {
        TrainNetworkOptions options = Options();
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add($"{e.Kind} {e.Message}");
        // Well for three epochs, then far too high.
        (options.LearningRate, options.Epochs, options.Schedule) = (0.03f, 12, new SuddenSchedule(0.75));
        (options.Optimizer, options.ClipGradientNorm) = (new MLNetExtensions.Training.Optimizers.Sgd(), null);
        using TrainNetworkTransformer model = Fit(options);
        Assert.Equal(StopReason.NotFiniteLoss, model.Result.History.StopReason);
        Assert.Contains("at step", model.Result.History.StopMessage, StringComparison.Ordinal);
        Assert.Contains(
            log,
            line =>
                line.StartsWith("Warning", StringComparison.Ordinal)
                && line.Contains("The model has the weights of Network epoch", StringComparison.Ordinal)
        );
        Assert.All(
            model.Transform(_images.Paths(_ml)).Preview(2).RowView[0].Values.Where(v => v.Key == "Score"),
            v => Assert.All(((Microsoft.ML.Data.VBuffer<float>)v.Value).DenseValues(), p => Assert.True(float.IsFinite(p)))
        );
    }

    [Fact]
    public void What_is_null_or_no_number_is_refused_by_name()
    {
        (string Expected, Action<TrainNetworkOptions> Set)[] wrong =
        [
            ("Schedule must be a schedule", o => o.Schedule = null!),
            ("Schedule.Then.OneCycleSchedule.WarmupFraction", o => o.Schedule = new WarmupSchedule(new OneCycleSchedule(float.NaN))),
            ("Schedule.WarmupSchedule.Then", o => o.Schedule = new WarmupSchedule(null!)),
            ("Optimizer", o => o.Optimizer = null!),
            ("Optimizer.AdamW.WeightDecay", o => o.Optimizer = new MLNetExtensions.Training.Optimizers.AdamW { WeightDecay = -1 }),
            (
                "Optimizer.Inner.Sgd.Momentum",
                o =>
                    o.Optimizer = new MLNetExtensions.Training.Optimizers.Lookahead(
                        new MLNetExtensions.Training.Optimizers.Sgd { Momentum = float.NaN }
                    )
            ),
            ("Loss.Focal.Gamma", o => o.Loss = new Focal(float.NaN)),
            ("ReduceOnPlateau.ReduceOnPlateau.Factor", o => o.ReduceOnPlateau = new ReduceOnPlateau { Factor = float.NaN }),
            ("WeightAveraging.ExponentialMovingAverage.Decay", o => o.WeightAveraging = new ExponentialMovingAverage(-1)),
            ("LabelColumnName", o => o.LabelColumnName = null!),
            ("ImageColumnName", o => o.ImageColumnName = ""),
            ("ScoreColumnName", o => o.ScoreColumnName = null!),
            ("PredictedLabelColumnName", o => o.PredictedLabelColumnName = " "),
            ("LearningRate", o => o.LearningRate = -1),
            ("LabelSmoothing", o => o.LabelSmoothing = float.NaN),
            ("ValidationFraction", o => o.ValidationFraction = float.NaN),
            ("ClipGradientNorm", o => o.ClipGradientNorm = float.NaN),
            ("ClipGradientValue", o => o.ClipGradientValue = float.PositiveInfinity),
            ("L1Regularization", o => o.L1Regularization = float.NaN),
            ("ClassWeights", o => o.ClassWeights = [float.NaN]),
            ("ParameterGroups", o => o.ParameterGroups = new Dictionary<string, ParameterGroup> { ["w"] = new(float.NaN) }),
            ("EarlyStopping", o => (o.ValidationFraction, o.EarlyStopping) = (0.5f, new EarlyStopping(1, double.NaN))),
            ("BatchNorm", o => o.BatchNorm = (BatchNormMode)9),
            ("Precision", o => o.Precision = (TrainingPrecision)9),
            ("ResumeFrom", o => o.ResumeFrom = ""),
            ("CacheFolder", o => o.CacheFolder = ""),
            ("MemoryBudget", o => o.MemoryBudget = -1),
            ("Callbacks", o => o.Callbacks = null!),
        ];
        Assert.All(
            wrong,
            item =>
            {
                TrainNetworkOptions options = Options();
                item.Set(options);
                Assert.Contains(
                    item.Expected,
                    Assert.ThrowsAny<ArgumentException>(() => _ml.TrainNetwork(options)).Message,
                    StringComparison.Ordinal
                );
            }
        );
    }

    [Fact]
    public void Canceling_returns_what_was_learned()
    {
        using var stop = new CancellationTokenSource();
        TrainNetworkOptions options = Options();
        (options.Epochs, options.CancellationToken, options.Callbacks) = (50, stop.Token, [new CancelAt(stop, 4)]);
        using TrainNetworkTransformer model = Fit(options);
        Assert.Equal(StopReason.Canceled, model.Result.History.StopReason);
        Assert.Equal(2, model.Result.History.Epochs.Count);
        options.CancellationToken = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(options));
    }

    [Fact]
    public void Canceling_within_the_first_epoch_throws_and_closes_callbacks()
    {
        using var stop = new CancellationTokenSource();
        var ends = new NotedEnd();
        TrainNetworkOptions options = Options();
        (options.Epochs, options.CancellationToken, options.Callbacks) = (50, stop.Token, [new CancelAt(stop, 1), ends]);
        Assert.Contains("epoch 1", Assert.ThrowsAny<OperationCanceledException>(() => Fit(options)).Message, StringComparison.Ordinal);
        Assert.Equal([StopReason.Canceled], ends.Reasons);
    }

    [Fact]
    public void Classes_are_sampled_evenly()
    {
        // 9 red images, 2 green, 1 blue.
        IEnumerable<ColorImages.Row> rows = _images.Rows.Select(
            (row, i) =>
                new ColorImages.Row
                {
                    Image = row.Image,
                    Label =
                        i < 9 ? "red"
                        : i < 11 ? "green"
                        : "blue",
                }
        );
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var seen = new SeenTargets();
        TrainNetworkOptions options = Options();
        (options.Epochs, options.UseWeightedSampling, options.Callbacks) = (60, true, [seen]);
        _ml.TrainNetwork(options).Fit(data).Dispose();
        Assert.All(seen.Fractions, share => Assert.Equal(1 / 3.0, share, 0.08));

        (options.UseWeightedSampling, options.BalanceClasses, options.Epochs) = (false, true, 1);
        _ml.TrainNetwork(options).Fit(data).Dispose();
        Assert.All(seen.Fractions, share => Assert.Equal(1 / 3.0, share, 1e-5));
    }

    private TrainNetworkTransformer Fit(TrainNetworkOptions options) => _ml.TrainNetwork(options).Fit(_images.Paths(_ml));

    private static TrainNetworkOptions Options() =>
        new()
        {
            CreateGraph = SmallCnn.Create,
            Epochs = 1,
            BatchSize = 6,
            LearningRate = 0.03f,
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
        };

    private sealed class NotedEnd : TrainingCallback
    {
        public List<StopReason> Reasons { get; } = [];

        public override void OnTrainEnd(TrainEndArguments arguments) => Reasons.Add(arguments.Reason);
    }

    private sealed class CancelAt(CancellationTokenSource source, int step) : TrainingCallback
    {
        public override void OnStepEnd(StepEndArguments arguments)
        {
            if (arguments.Step == step)
                source.Cancel();
        }
    }

    private sealed record SuddenSchedule(double From) : LearningRateSchedule
    {
        public override float RateAt(float baseRate, int step, int totalSteps) => step < From * totalSteps ? baseRate : 1e30f;
    }

    private sealed class SeenTargets : TrainingCallback
    {
        private readonly double[] _sums = new double[3];

        public IEnumerable<double> Fractions => _sums.Select(sum => sum / _sums.Sum());

        public override void OnTrainBegin(TrainBeginArguments arguments) => Array.Clear(_sums);

        public override void OnStepEnd(StepEndArguments arguments)
        {
            for (int i = 0; i < arguments.Batch.Targets.Length; i++)
                _sums[i % 3] += arguments.Batch.Targets.Span[i];
        }
    }
}
