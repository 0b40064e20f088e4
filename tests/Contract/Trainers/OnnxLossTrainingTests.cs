using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.TrainingContract.Losses;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>Trainers whose loss is an ONNX graph.</summary>
public sealed class OnnxLossTrainingTests : IDisposable
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
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_trains_and_is_measured_as_with_the_built_in_loss(bool weighted)
    {
        TrainNetworkTransformer Fit(Loss? loss)
        {
            TrainNetworkOptions options = Options(loss);
            options.ClassWeights = weighted ? [1, 2, 5] : null;
            return _ml.TrainNetwork(options).Fit(_images.Paths(_ml));
        }

        using TrainNetworkTransformer expected = Fit(null);
        using TrainNetworkTransformer model = Fit(new OnnxLoss(LossGraphs.CrossEntropy("none")));

        foreach ((EpochResult one, EpochResult other) in expected.Result.History.Epochs.Zip(model.Result.History.Epochs))
        {
            Assert.Equal(one.TrainLoss, other.TrainLoss, 1e-4);
            Assert.Equal(one.ValidationLoss!.Value, other.ValidationLoss!.Value, 1e-4);
            Assert.Equal(one.ValidationAccuracy, other.ValidationAccuracy);
        }
        // The loss is no part of the model.
        Assert.Equal(expected.Model.Nodes.Select(node => node.OpType), model.Model.Nodes.Select(node => node.OpType));
        Assert.Equal(expected.Model.Initializers.Keys, model.Model.Initializers.Keys);
    }

    [Fact]
    public void A_fine_tuned_head_learns_by_a_focal_loss()
    {
        IDataView data = _images.Paths(_ml);
        FineTuneOptions options = new()
        {
            Backbone = SmallBackbone.Create(),
            ImageColumnName = "Image",
            Loss = new OnnxLoss(LossGraphs.Focal(2)),
            Seed = 1,
            Threads = 1,
            Runtime = RuntimeUnderTest.Create(),
        };
        using FineTuneTransformer model = _ml.FineTune(options).Fit(data);
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.9);
    }

    [Fact]
    public void A_number_is_learned_by_the_loss_of_a_graph()
    {
        IDataView data = _images.Paths(_ml);
        TrainNetworkTransformer Fit(Loss loss)
        {
            TrainNetworkOptions options = Options(loss);
            (options.Task, options.LabelColumnName) = (ImageTask.Regression, "Number");
            return _ml.TrainNetwork(options).Fit(data);
        }

        using TrainNetworkTransformer expected = Fit(new MeanSquaredError());
        using TrainNetworkTransformer model = Fit(new OnnxLoss(LossGraphs.SquaredError()));
        Assert.Equal(
            expected.Transform(data).GetColumn<float>("Score"),
            model.Transform(data).GetColumn<float>("Score"),
            (a, b) => Math.Abs(a - b) < 1e-3f
        );
    }

    [Fact]
    public void A_run_goes_on_from_its_checkpoint_with_the_same_graph_only()
    {
        string checkpoints = Path.Combine(_folder.Path, "checkpoints");
        using TrainNetworkTransformer whole = _ml.TrainNetwork(Options(new OnnxLoss(LossGraphs.Focal(2)))).Fit(_images.Paths(_ml));
        TrainNetworkOptions options = Options(new OnnxLoss(LossGraphs.Focal(2)));
        options.Callbacks = [new CheckpointCallback(checkpoints) { EverySteps = 1, MaxToKeep = 1 }, new StopAtStep(3)];
        using (_ml.TrainNetwork(options).Fit(_images.Paths(_ml))) { }

        options = Options(new OnnxLoss(LossGraphs.Focal(2)));
        options.ResumeFrom = checkpoints;
        using TrainNetworkTransformer resumed = _ml.TrainNetwork(options).Fit(_images.Paths(_ml));
        Assert.Equal(whole.Result.History.Epochs.Select(e => e.TrainLoss), resumed.Result.History.Epochs.Select(e => e.TrainLoss));
        Assert.Equal(
            whole.Result.History.Epochs.Select(e => e.ValidationLoss),
            resumed.Result.History.Epochs.Select(e => e.ValidationLoss)
        );

        options = Options(new OnnxLoss(LossGraphs.Focal(3)));
        options.ResumeFrom = checkpoints;
        Assert.Contains(
            "Loss",
            Assert.Throws<CheckpointException>(() => _ml.TrainNetwork(options).Fit(_images.Paths(_ml))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_graph_that_does_not_fit_is_refused_before_a_row_is_read()
    {
        // The images are not there: whoever reads a row finds that first.
        IDataView rows = _images.Paths(_ml);
        foreach (string file in rows.GetColumn<string>("Image"))
            File.Delete(file);

        TrainNetworkOptions options = Options(new OnnxLoss(LossGraphs.CrossEntropy("mean")));
        options.BalanceClasses = true;
        AssertRefused(options, "rows cannot be weighted by class");

        OnnxGraph forTen = LossGraphs.SoftTargets();
        forTen = forTen with { Inputs = [OnnxValue.Create("output", OnnxElementType.Float, -1, 10), forTen.Inputs[1]] };
        AssertRefused(Options(new OnnxLoss(forTen)), "does not fit a network of 3 outputs");

        void AssertRefused(TrainNetworkOptions options, string expected) =>
            Assert.Contains(
                expected,
                Assert.ThrowsAny<ArgumentException>(() => _ml.TrainNetwork(options).Fit(rows)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Options_that_a_graph_cannot_have_are_refused()
    {
        TrainNetworkOptions options = Options(new OnnxLoss(LossGraphs.CrossEntropy("mean")));
        options.BatchAugmentation = new Mixup();
        Assert.Contains("BatchAugmentation", Refused(options), StringComparison.Ordinal);

        options = Options(new OnnxLoss(LossGraphs.CrossEntropy("mean")));
        options.Task = ImageTask.Regression;
        Assert.Contains("a loss graph with Float targets for Regression", Refused(options), StringComparison.Ordinal);

        options = Options(new OnnxLoss(LossGraphs.SoftTargets()));
        (options.Task, options.BalanceClasses) = (ImageTask.MultiLabel, true);
        Assert.Contains("BalanceClasses", Refused(options), StringComparison.Ordinal);

        string Refused(TrainNetworkOptions options) => Assert.Throws<ArgumentOutOfRangeException>(() => _ml.TrainNetwork(options)).Message;
    }

    private TrainNetworkOptions Options(Loss? loss) =>
        new()
        {
            CreateGraph = SmallCnn.Create,
            Loss = loss,
            Epochs = 3,
            BatchSize = 10,
            LearningRate = 0.03f,
            ValidationSet = _images.Paths(_ml),
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
            Runtime = RuntimeUnderTest.Create(),
        };
}
