using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Backbones;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FineTune;

public sealed class FineTuneEstimatorTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(3);
    private readonly Backbone _backbone = Backbone.FromGraph(
        SmallNetwork.Create(-1, 3, 16, 16),
        new ImagePreprocessing { Width = 16, Height = 16 },
        "small"
    );

    public void Dispose() => _images.Dispose();

    [Fact]
    public void Promises_what_the_transformer_gives()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);

        SchemaShape promised = _ml.MulticlassClassification.Trainers.FineTune(_backbone).GetOutputSchema(SchemaShapes.Of(view.Schema));
        SchemaShape given = SchemaShapes.Of(transformer.GetOutputSchema(view.Schema));

        Assert.Equal(Describe(given), Describe(promised));
    }

    [Fact]
    public void Labels_without_key_values_promise_none()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Image", TextDataViewType.Instance);
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 5));

        SchemaShape promised = _ml
            .MulticlassClassification.Trainers.FineTune(_backbone)
            .GetOutputSchema(SchemaShapes.Of(builder.ToSchema()));

        Assert.DoesNotContain(promised.Single(c => c.Name == "PredictedLabel").Annotations, a => a.Name == "KeyValues");
    }

    [Theory]
    [InlineData("Label", "Nothing", "Could not find input column 'Nothing'")]
    [InlineData("Nothing", "Image", "Could not find label column 'Nothing'")]
    [InlineData("Number", "Image", "Schema mismatch for label column 'Number': expected Key")]
    [InlineData("Label", "Number", "Schema mismatch for input column 'Number'")]
    [InlineData("Label", "Label", "Schema mismatch for input column 'Label'")]
    public void Wrong_columns_are_named(string label, string image, string expected)
    {
        FineTuneEstimator estimator = _ml.MulticlassClassification.Trainers.FineTune(_backbone, label, image);
        IDataView view = _images.Paths(_ml);

        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(view)).Message, StringComparison.Ordinal);
        Assert.Contains(
            expected,
            Assert
                .Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("Copy", "Number").Append(estimator).Fit(view))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Options_are_copied_and_checked()
    {
        var options = new FineTuneOptions { Backbone = _backbone, ScoreColumnName = "Probability" };
        FineTuneEstimator estimator = _ml.MulticlassClassification.Trainers.FineTune(options);
        options.ScoreColumnName = "Other";

        SchemaShape shape = estimator.GetOutputSchema(SchemaShapes.Of(_images.Paths(_ml).Schema));

        Assert.Contains(shape, c => c.Name == "Probability");
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.MulticlassClassification.Trainers.FineTune(new FineTuneOptions { Backbone = _backbone, BatchSize = 0 })
        );
        Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.FineTune(new FineTuneOptions()));
    }

    private static IEnumerable<string> Describe(SchemaShape shape) =>
        shape
            .Select(c =>
                $"{c.Name} {c.Kind} {c.ItemType} {c.IsKey} "
                + $"{string.Join(' ', c.Annotations.OrderBy(a => a.Name).Select(a => $"{a.Name}:{a.Kind}:{a.ItemType}"))}"
            )
            .Order();
}
