using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>Students that are told wrong labels: whatever they know, their teacher told them.</summary>
public sealed class DistillationTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(36);
    private readonly IDataView _true;
    private readonly IDataView _wrong;

    public DistillationTests()
    {
        _true = _images.Paths(_ml);
        IDataView turned = _ml.Data.LoadFromEnumerable(
            _images.Rows.Select(
                (row, i) =>
                    new ColorImages.Row
                    {
                        Image = row.Image,
                        Label = ColorImages.Names[i / 3 % 3],
                        Number = i,
                    }
            )
        );
        _wrong = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: Keys()).Fit(turned).Transform(turned);
    }

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(0f, false)]
    [InlineData(0.5f, false)]
    [InlineData(0f, true)]
    public void A_student_learns_what_the_teacher_knows(float hintWeight, bool mixed)
    {
        using TrainNetworkTransformer teacher = _ml.MulticlassClassification.Trainers.TrainNetwork(Options()).Fit(_true);
        TrainNetworkOptions options = Options();
        options.Distillation = new KnowledgeDistillation(Backbone.FromGraph(teacher.Model)) { Alpha = 1, HintWeight = hintWeight };
        // What the network sees of an image in an epoch is what the teacher must have seen.
        (options.Augmentation, options.BatchAugmentation, options.ValidationSet) = (
            new HorizontalFlip(),
            mixed ? new Mixup() : null,
            _true
        );
        using TrainNetworkTransformer student = _ml.TrainNetwork(options).Fit(_wrong);

        Assert.True(_ml.MulticlassClassification.Evaluate(student.Transform(_true)).MicroAccuracy > 0.9);
        // Epochs are measured by the labels: of these rows, which are right.
        EpochResult last = student.Result.History.Epochs[^1];
        Assert.True(last.ValidationAccuracy > 0.9 && last.ValidationLoss < 0.7, $"{last}");
        Assert.DoesNotContain(student.Model.Initializers.Keys, name => name.Contains("hint"));
        Assert.Equal(teacher.Model.Nodes.Select(n => n.OpType), student.Model.Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void Fine_tuning_of_all_layers_learns_from_a_teacher()
    {
        using TrainNetworkTransformer teacher = _ml.MulticlassClassification.Trainers.TrainNetwork(Options()).Fit(_true);
        var options = new FineTuneOptions
        {
            Backbone = SmallBackbone.Create(),
            TrainableLayers = FineTuneLayers.All,
            Epochs = 30,
            FreezeEpochs = 2,
            LearningRate = 3e-3f,
            BatchSize = 12,
            Threads = 1,
            Seed = 1,
            BatchNorm = BatchNormMode.Train,
            Distillation = new KnowledgeDistillation(Backbone.FromGraph(teacher.Model)) { Alpha = 1, HintWeight = 0.3f },
        };
        using FineTuneTransformer student = _ml.FineTune(options).Fit(_wrong);
        Assert.True(_ml.MulticlassClassification.Evaluate(student.Transform(_true)).MicroAccuracy > 0.8);
    }

    [Fact]
    public void A_teacher_that_does_not_fit_is_an_error_before_training()
    {
        OnnxGraph graph = SmallCnn.Create(4);
        TrainNetworkOptions options = Options();
        options.Distillation = new KnowledgeDistillation(Backbone.FromGraph(graph, Preprocessing));
        Assert.Contains(
            "4 values an image; the label has 3 classes",
            Assert.Throws<ArgumentException>(() => _ml.TrainNetwork(options).Fit(_true)).Message
        );

        options.Distillation = new KnowledgeDistillation(SmallBackbone.Create(side: 24));
        Assert.Contains("24x24", Assert.Throws<ArgumentException>(() => _ml.TrainNetwork(options).Fit(_true)).Message);
    }

    [Fact]
    public void Contradictory_options_are_in_one_message()
    {
        var distillation = new KnowledgeDistillation(SmallBackbone.Create()) { Temperature = 0 };
        TrainNetworkOptions options = Options();
        (options.Distillation, options.Task) = (distillation, ImageTask.Regression);
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.TrainNetwork(options)).Message;
        Assert.Contains("Temperature above 0", message);
        Assert.Contains("null for Regression", message);
        var frozen = new FineTuneOptions { Backbone = SmallBackbone.Create(), Distillation = distillation with { Temperature = 1 } };
        Assert.Contains(
            "layers are frozen",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.FineTune(frozen)).Message
        );
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        var distillation = new KnowledgeDistillation(SmallBackbone.Create());
        Assert.Equal((4f, 0.7f, 0f), (distillation.Temperature, distillation.Alpha, distillation.HintWeight));
        Assert.Null(new TrainNetworkOptions().Distillation);
    }

    private static ImagePreprocessing Preprocessing =>
        new()
        {
            Width = SmallCnn.Side,
            Height = SmallCnn.Side,
            CropFraction = 1,
        };

    private static TrainNetworkOptions Options() =>
        new()
        {
            CreateGraph = SmallCnn.Create,
            Epochs = 30,
            LearningRate = 1e-2f,
            BatchSize = 12,
            Threads = 1,
            Seed = 3,
        };

    private IDataView Keys() => _ml.Data.LoadFromEnumerable(ColorImages.Names.Select(name => new Key { Label = name }));

    private sealed class Key
    {
        public string Label { get; set; } = "";
    }
}
