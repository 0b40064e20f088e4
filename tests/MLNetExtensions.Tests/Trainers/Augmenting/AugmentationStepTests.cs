using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Backbones;
using MLNetExtensions.Trainers.Augmenting;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.Augmenting;

/// <summary>The marking step before a trainer that records what it is told and whose model's scores depend on the pixels.</summary>
public sealed class AugmentationStepTests : IDisposable
{
    private static readonly Augmentation Policy = Augment.Strong();

    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(12);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_trainer_behind_other_steps_sees_the_mark_and_the_images_as_they_are()
    {
        var trainer = new RecordingTrainer(_ml);
        IDataView view = _images.Paths(_ml);
        ITransformer model = _ml
            .Transforms.AugmentImages(Policy)
            .Append(_ml.Transforms.CopyColumns("Copy", "Number"))
            .Append(trainer)
            .Fit(view);
        Assert.Same(Policy, Assert.Single(trainer.Seen));
        ITransformer plain = new RecordingTrainer(_ml).Fit(view);
        Assert.Equal(Scores(plain.Transform(view)), Scores(model.Transform(view)));
        Assert.Null(AugmentationMark.Of(view.Schema["Image"]));
    }

    [Fact]
    public void Label_annotations_and_hidden_columns_survive()
    {
        IDataView view = _images.Paths(_ml);
        IDataView marked = _ml.Transforms.AugmentImages(Policy).Fit(view).Transform(view);
        Assert.Equal(view.Schema.Select(c => (c.Name, c.Type, c.IsHidden)), marked.Schema.Select(c => (c.Name, c.Type, c.IsHidden)));
        VBuffer<ReadOnlyMemory<char>> names = default;
        marked.Schema["Label"].GetKeyValues(ref names);
        Assert.Equal(ColorImages.Names, names.DenseValues().Select(name => name.ToString()));
        Assert.Equal(12, marked.GetColumn<float>("Number").Distinct().Count());
    }

    [Fact]
    public void PredictionEngine_scores_the_image_as_it_is()
    {
        IDataView view = _images.Paths(_ml);
        ITransformer model = _ml.Transforms.AugmentImages(Policy).Append(new RecordingTrainer(_ml)).Fit(view);
        using PredictionEngine<ColorImages.Row, Prediction> engine = _ml.Model.CreatePredictionEngine<ColorImages.Row, Prediction>(model);
        float[][] expected = Scores(new RecordingTrainer(_ml).Fit(view).Transform(view));
        foreach (int row in (int[])[5, 0, 11])
            Assert.Equal(
                expected[row].Select(score => MathF.Round(score, 5)),
                engine.Predict(_images.Rows[row]).Score.Select(score => MathF.Round(score, 5))
            );
    }

    [Fact]
    public void CrossValidate_marks_each_fold_and_scores_images_as_they_are()
    {
        IDataView view = _images.Paths(_ml);
        var trainer = new RecordingTrainer(_ml);
        var marked = _ml.MulticlassClassification.CrossValidate(
            view,
            _ml.Transforms.AugmentImages(Policy).Append(trainer),
            numberOfFolds: 3
        );
        var plain = _ml.MulticlassClassification.CrossValidate(view, new RecordingTrainer(_ml), numberOfFolds: 3);
        Assert.Equal(3, trainer.Seen.Count);
        Assert.All(trainer.Seen, seen => Assert.Same(Policy, seen));
        Assert.Equal(plain.Select(fold => fold.Metrics.LogLoss), marked.Select(fold => fold.Metrics.LogLoss));
        Assert.Equal(plain.SelectMany(fold => Scores(fold.ScoredHoldOutSet)), marked.SelectMany(fold => Scores(fold.ScoredHoldOutSet)));
    }

    [Fact]
    public void A_saved_model_has_nothing_of_it()
    {
        IDataView view = _images.Paths(_ml);
        AugmentationTransformer step = _ml.Transforms.AugmentImages(Policy).Fit(view);
        string zip = Path.Combine(_folder.Path, "model.zip");
        _ml.Model.Save(step, view.Schema, zip);
        ITransformer loaded = new MLContext().Model.Load(zip, out _);
        Assert.Empty(Assert.IsType<TransformerChain<ITransformer>>(loaded));
        Assert.Equal(view.Schema.Select(c => c.Name), loaded.Transform(view).Schema.Select(c => c.Name));

        ITransformer chain = _ml.Transforms.AugmentImages(Policy).Append(_ml.Transforms.CopyColumns("Copy", "Number")).Fit(view);
        _ml.Model.Save(chain, view.Schema, zip);
        Assert.Equal(view.GetColumn<float>("Number"), new MLContext().Model.Load(zip, out _).Transform(view).GetColumn<float>("Copy"));
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        IDataView view = _images.Paths(_ml);
        Assert.Contains(
            "'Photo'",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.AugmentImages(Policy, "Photo").Fit(view)).Message
        );
        Assert.Contains(
            "'Photo'",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    _ml.Transforms.CopyColumns("Copy", "Number").Append(_ml.Transforms.AugmentImages(Policy, "Photo")).Fit(view)
                )
                .Message
        );
        Assert.Throws<ArgumentNullException>(() => _ml.Transforms.AugmentImages(null!));
    }

    private static float[][] Scores(IDataView view) => [.. view.GetColumn<float[]>("Score")];

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class RecordingTrainer(MLContext ml) : IEstimator<ITransformer>
    {
        private readonly Backbone _backbone = Backbone.FromGraph(
            SmallNetwork.Create(-1, 3, 16, 16),
            new ImagePreprocessing { Width = 16, Height = 16 },
            "small"
        );

        public List<Augmentation?> Seen { get; } = [];

        public ITransformer Fit(IDataView input)
        {
            Seen.Add(AugmentationMark.Of(input.Schema["Image"]));
            return TinyClassifier.Transformer(ml, input.Schema);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
            ml.MulticlassClassification.Trainers.FineTune(_backbone).GetOutputSchema(inputSchema);
    }
}
