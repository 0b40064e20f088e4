using Microsoft.ML;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.PseudoLabels;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>TrainNetwork with images without labels.</summary>
public sealed class PseudoLabelingTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(12),
        _others = new(90);

    public void Dispose()
    {
        _images.Dispose();
        _others.Dispose();
    }

    [Fact]
    public void A_network_learns_from_images_without_labels()
    {
        IDataView others = _others.Paths(_ml);
        TrainNetworkOptions options = Options(_ml.Transforms.SelectColumns("Image").Fit(others).Transform(others));
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(_images.Paths(_ml));
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(others)).MicroAccuracy > 0.9);
        Assert.Equal(12, model.Result.TrainingRows);
        // 90 images, 12 at a time beside 4 with labels.
        Assert.Equal(8, model.Result.History.Epochs.Count);
    }

    [Fact]
    public void The_labels_of_the_others_do_not_matter()
    {
        IDataView others = _others.Paths(_ml);
        using TrainNetworkTransformer without = _ml.TrainNetwork(
                Options(_ml.Transforms.SelectColumns("Image").Fit(others).Transform(others))
            )
            .Fit(_images.Paths(_ml));
        using TrainNetworkTransformer with = _ml.TrainNetwork(Options(others)).Fit(_images.Paths(_ml));
        Assert.Equal(without.Result.History.Epochs.Select(e => e.TrainLoss), with.Result.History.Epochs.Select(e => e.TrainLoss));
    }

    [Fact]
    public void An_empty_set_is_refused()
    {
        IDataView none = _ml.Data.LoadFromEnumerable(Array.Empty<ColorImages.Row>());
        var error = Assert.Throws<InvalidOperationException>(() => _ml.TrainNetwork(Options(none)).Fit(_images.Paths(_ml)));
        Assert.Contains("UnlabeledSet has no row with a readable image in column 'Image'", error.Message);
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        TrainNetworkOptions options = Options(_others.Paths(_ml));
        options.Privacy = new DifferentialPrivacy();
        options.PseudoLabeling = new PseudoLabeling { Threshold = 2 };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.TrainNetwork(options));
        Assert.Contains("Privacy", error.Message);
        Assert.Contains("PseudoLabeling.Threshold", error.Message);

        options = Options(_others.Paths(_ml));
        options.UnlabeledSet = null;
        Assert.Contains("PseudoLabeling", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.TrainNetwork(options)).Message);

        options = Options(_others.Paths(_ml));
        options.Task = ImageTask.MultiLabel;
        Assert.Contains("UnlabeledSet", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.TrainNetwork(options)).Message);
    }

    private TrainNetworkOptions Options(IDataView unlabeled) =>
        new()
        {
            CreateGraph = SmallCnn.Create,
            ImageColumnName = "Image",
            Epochs = 8,
            BatchSize = 4,
            LearningRate = 0.01f,
            Optimizer = new Adam(),
            UnlabeledSet = unlabeled,
            PseudoLabeling = new PseudoLabeling { Threshold = 0.8f, StrongAugmentation = Augment.Dihedral() },
            Seed = 1,
            Threads = 1,
            Runtime = RuntimeUnderTest.Create(),
        };
}
