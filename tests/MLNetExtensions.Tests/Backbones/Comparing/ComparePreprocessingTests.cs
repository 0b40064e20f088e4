using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Comparing;
using MLNetExtensions.Imaging;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Backbones.Comparing;

public sealed class ComparePreprocessingTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(18);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void The_way_whose_features_separate_classes_is_first()
    {
        IReadOnlyList<PreprocessingComparison> compared = _ml.Vision()
            .ComparePreprocessing(_images.Paths(_ml), Backbone.FromGraph(PickyBackbone.Create()));

        Assert.Equal(10, compared.Count);
        PreprocessingComparison assumed = Assert.Single(compared, c => c.IsAssumed);
        Assert.Equal("x / 255, ImageNet's mean and deviation, RGB", assumed.Name);
        Assert.InRange(assumed.Accuracy, 0, 0.5);
        Assert.InRange(compared[0].Accuracy, 0.9, 1);
        Assert.Equal(1, compared[0].Preprocessing.Scale);
        Assert.Equal(compared.OrderByDescending(c => c.Accuracy).Select(c => c.Name), compared.Select(c => c.Name));
        Assert.Equal((12, 12), (compared[0].Preprocessing.Width, compared[0].Preprocessing.Height));
    }

    [Fact]
    public void A_view_that_is_sorted_by_class_shows_all_classes()
    {
        IDataView sorted = _ml.Data.LoadFromEnumerable(_images.Rows.OrderBy(r => r.Label));
        sorted = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(sorted).Transform(sorted);

        IReadOnlyList<PreprocessingComparison> compared = _ml.Vision()
            .ComparePreprocessing(
                sorted,
                new ComparePreprocessingOptions { Backbone = Backbone.FromGraph(PickyBackbone.Create()), MaximumImages = 6 }
            );

        Assert.InRange(compared[0].Accuracy, 0.9, 1);
    }

    [Fact]
    public void One_class_is_refused()
    {
        IDataView red = _ml.Data.LoadFromEnumerable(_images.Rows.Where(r => r.Label == "red"));
        red = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(red).Transform(red);

        Assert.Contains(
            "two classes",
            Assert
                .Throws<InvalidOperationException>(() => _ml.Vision().ComparePreprocessing(red, Backbone.FromGraph(PickyBackbone.Create())))
                .Message
        );
    }

    [Fact]
    public void The_own_way_stands_among_the_usual_ones_once()
    {
        var own = new ImagePreprocessing
        {
            Width = 8,
            Height = 8,
            Scale = 1 / 127.5f,
            Mean = [1, 1, 1],
            StandardDeviation = [1, 1, 1],
        };

        Assert.Equal("x / 127.5 - 1, RGB", PreprocessingCandidates.NameOf(own));
        Assert.Equal(10, PreprocessingCandidates.Of(own).Select(c => c.Name).Distinct().Count());
        Assert.Equal("the backbone's own", PreprocessingCandidates.NameOf(own with { Scale = 3 }));
    }

    [Theory]
    [InlineData(new[] { 0f, 0.1f, 5f, 5.1f }, 1.0)]
    [InlineData(new[] { 0f, 5f, 0.1f, 5.1f }, 0.0)]
    public void Rows_belong_to_the_nearest_mean_of_the_others(float[] values, double accuracy) =>
        Assert.Equal(accuracy, ClassSeparation.Accuracy([.. values.Select(v => new[] { v, 7f })], [0, 0, 1, 1]));
}
