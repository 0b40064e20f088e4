using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

public sealed class FineTuneAugmentationTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(18);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void A_frozen_backbone_sees_a_few_views_in_turn()
    {
        float[][] epochs = Inputs(options => options.AugmentedViews = 2, epochs: 4);
        Assert.Equal(epochs[0], epochs[2]);
        Assert.Equal(epochs[1], epochs[3]);
        Assert.NotEqual(epochs[0], epochs[1]);
        float[][] plain = Inputs(options => options.Augmentation = null, epochs: 2);
        Assert.Equal(plain[0], plain[1]);
        Assert.NotEqual(plain[0], epochs[0]);
    }

    [Fact]
    public void A_backbone_trained_in_the_middle_sees_views_too()
    {
        float[][] epochs = Inputs(
            options => (options.TrainableLayers, options.FreezeEpochs, options.AugmentedViews) = (FineTuneLayers.LastStages(1), 0, 2),
            epochs: 3
        );
        Assert.Equal(epochs[0], epochs[2]);
        Assert.NotEqual(epochs[0], epochs[1]);
    }

    [Fact]
    public void A_whole_backbone_sees_a_new_view_in_every_epoch()
    {
        float[][] epochs = Inputs(
            options => (options.TrainableLayers, options.FreezeEpochs, options.AugmentedViews) = (FineTuneLayers.All, 0, 1),
            epochs: 3
        );
        Assert.Equal(3, epochs.Select(e => e.Sum()).Distinct().Count());
    }

    [Fact]
    public void A_marked_column_is_augmented()
    {
        float[][] expected = Inputs(_ => { }, epochs: 2);
        var seen = new SeenInputs();
        FineTuneOptions options = Options(2, seen);
        options.Augmentation = null;
        _ml.Transforms.AugmentImages(Policy, "Image").Append(_ml.FineTune(options)).Fit(_images.Paths(_ml)).Dispose();
        Assert.Equal(expected, seen.Epochs);
    }

    [Fact]
    public void Validation_and_scoring_see_images_as_they_are()
    {
        IDataView data = _images.Paths(_ml);
        FineTuneOptions options = Options(5, new SeenInputs());
        options.ValidationSet = data;
        options.RestoreBestWeights = false;
        using FineTuneTransformer model = _ml.FineTune(options).Fit(data);
        double accuracy = _ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy;
        Assert.Equal(accuracy, model.Result.History.Epochs[^1].ValidationAccuracy!.Value, 6);
    }

    [Fact]
    public void A_number_can_be_fine_tuned()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(
            _images.Rows.Select((row, i) => new ColorImages.Row { Image = row.Image, Number = 50 + 10 * (i % 3) })
        );
        FineTuneOptions options = Options(80, new SeenInputs());
        (options.Task, options.LabelColumnName, options.Augmentation) = (ImageTask.Regression, "Number", null);
        using FineTuneTransformer model = _ml.FineTune(options).Fit(data);
        RegressionMetrics metrics = _ml.Regression.Evaluate(model.Transform(data), "Number");
        Assert.True(metrics.RSquared > 0.5, $"R2 {metrics.RSquared}");
    }

    private static Augmentation Policy => Augment.Standard();

    /// <summary>What the trained layers were given in each epoch, in the order of the values, whatever the order of the rows.</summary>
    private float[][] Inputs(Action<FineTuneOptions> change, int epochs)
    {
        var seen = new SeenInputs();
        FineTuneOptions options = Options(epochs, seen);
        change(options);
        _ml.FineTune(options).Fit(_images.Paths(_ml)).Dispose();
        return [.. seen.Epochs];
    }

    private static FineTuneOptions Options(int epochs, SeenInputs seen) =>
        new()
        {
            Backbone = SmallBackbone.Create(),
            Epochs = epochs,
            Augmentation = Policy,
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
            Callbacks = [seen],
        };

    private sealed class SeenInputs : TrainingCallback
    {
        private readonly List<float> _values = [];

        public List<float[]> Epochs { get; } = [];

        public override void OnTrainBegin(TrainBeginArguments arguments) => Epochs.Clear();

        public override void OnStepEnd(StepEndArguments arguments) => _values.AddRange(arguments.Batch.Inputs[0].Span);

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            _values.Sort();
            Epochs.Add([.. _values]);
            _values.Clear();
        }
    }
}
