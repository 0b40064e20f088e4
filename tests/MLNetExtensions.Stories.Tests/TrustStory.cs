using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Quality;
using MLNetExtensions.Similarity;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Uncertainty.Conformal;
using MLNetExtensions.Uncertainty.Outliers;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A model is used where its mistakes cost something: it says when it is not sure, and its data are looked at.</summary>
public sealed class TrustStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 90);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_is_saved_with_sets_that_hold_the_truth_and_loaded_elsewhere()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        DataOperationsCatalog.TrainTestData split = ml.Data.TrainTestSplit(photos, testFraction: 0.5);
        ITransformer classifier = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions { Backbone = TinyNetwork.Backbone(), ImageColumnName = "ImagePath" }
                )
            )
            .Fit(split.TrainSet);
        ConformalSetTransformer sets = ml.MulticlassClassification.ConformalSets(coverage: 0.9).Fit(classifier.Transform(split.TestSet));
        var model = new TransformerChain<ITransformer>(classifier, sets);
        string modelFile = _folder.File("model.zip");
        ml.Model.Save(model, photos.Schema, modelFile);

        ITransformer loaded = new MLContext().Model.Load(modelFile, out _);

        PredictionSetReport report = ml.Vision().ReportSets(loaded.Transform(photos));
        Assert.True(report.Coverage >= 0.85, $"{report}");
        using PredictionEngine<Photo, Answer> engine = ml.Model.CreatePredictionEngine<Photo, Answer>(loaded);
        Answer answer = engine.Predict(new Photo { ImagePath = _folder.Write("unseen.png", Shape.Png("square", 1000)) });
        Assert.Equal(3, answer.PredictionSet.Length);
        Assert.Contains(true, answer.PredictionSet);
    }

    [Fact]
    public void Wrong_labels_likenesses_and_strangers_are_found()
    {
        var ml = new MLContext(seed: 1);
        File.Move(Directory.GetFiles(Path.Combine(_folder.Photos, "disc"))[0], Path.Combine(_folder.Photos, "square", "misplaced.png"));
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        IDataView features = ml
            .Transforms.ExtractImageFeatures("Features", "ImagePath", TinyNetwork.Backbone())
            .Fit(keyed)
            .Transform(keyed);

        LabelErrorReport labels = ml.Vision().FindLabelErrors(features, new LabelErrorOptions { FeatureColumnName = "Features" });

        LabelIssue worst = labels.Issues.First();
        Assert.Equal("misplaced.png", Path.GetFileName(worst.Path));
        Assert.Equal(("square", "disc"), (worst.GivenLabel, worst.SuggestedLabel));

        EmbeddingIndex index = ml.Vision().BuildIndex(features, new BuildIndexOptions { LabelColumnName = "Label" });
        IReadOnlyList<SimilarItem> near = index.Search(features.GetColumn<float[]>("Features").First(), 6);
        Assert.True(near.Count(item => item.Label == near[0].Label) >= 4);

        using OutlierTransformer watch = ml.AnomalyDetection.Trainers.Outliers().Fit(features);
        float usual = watch.Transform(features).GetColumn<float>("Score").Average();
        string strange = _folder.Write("strange.png", Shape.Png("triangle", 7, isGray: true));
        IDataView stranger = ml
            .Transforms.ExtractImageFeatures("Features", "ImagePath", TinyNetwork.Backbone())
            .Fit(keyed)
            .Transform(ml.Data.LoadFromEnumerable([new Photo { ImagePath = strange }]));
        Assert.True(watch.Transform(stranger).GetColumn<float>("Score").Single() > usual);
    }

    private sealed class Answer
    {
        public bool[] PredictionSet { get; set; } = [];
    }
}
