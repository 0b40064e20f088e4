using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>How good is a recipe? Every image is a test image once, and images of one scene stay together.</summary>
public sealed class CrossValidationStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folds_keep_scenes_together_and_test_every_image_once()
    {
        IDataView photos = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 36)
                .Select(i => new Scene
                {
                    ImagePath = _folder.File($"photos/{Shape.Names[i % 3]}/{i}.png"),
                    Label = Shape.Names[i % 3],
                    Place = $"place {i / 4}",
                })
        );
        IReadOnlyList<DataSplit> folds = _ml.Vision().Folds(photos, 3, new SplitOptions { GroupColumnName = "Place" });

        Assert.Equal(36, folds.SelectMany(fold => fold.TestSet.GetColumn<string>("ImagePath")).Distinct().Count());
        Assert.All(
            folds,
            fold => Assert.Empty(fold.TrainSet.GetColumn<string>("Place").Intersect(fold.TestSet.GetColumn<string>("Place")))
        );
        double[] accuracies =
        [
            .. folds.Select(fold => _ml.Vision().Report(Pipeline().Fit(fold.TrainSet).Transform(fold.TestSet)).Accuracy),
        ];
        Assert.True(accuracies.Average() > 0.8, string.Join(", ", accuracies));
    }

    [Fact]
    public void MLNETs_own_cross_validation_takes_the_pipeline()
    {
        IDataView photos = _ml.Data.LoadFromImageFolder(_folder.Photos);

        IReadOnlyList<TrainCatalogBase.CrossValidationResult<MulticlassClassificationMetrics>> results =
            _ml.MulticlassClassification.CrossValidate(photos, Pipeline(), numberOfFolds: 3);

        Assert.Equal(3, results.Count);
        Assert.True(results.Average(result => result.Metrics.MicroAccuracy) > 0.8);
    }

    private EstimatorChain<FineTuneTransformer> Pipeline() =>
        _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                _ml.MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions { Backbone = TinyNetwork.Backbone(), ImageColumnName = "ImagePath" }
                )
            );

    private sealed class Scene
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";

        public string Place { get; set; } = "";
    }
}
