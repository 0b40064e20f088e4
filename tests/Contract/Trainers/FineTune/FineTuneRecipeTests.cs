using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.FineTune.Recipes;
using MLNetExtensions.Training;

namespace MLNetExtensions.TrainingContract.Trainers.FineTune;

/// <summary>Settings that are chosen for the images and the time, through the public API.</summary>
public sealed class FineTuneRecipeTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(60);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void The_better_backbone_is_chosen_and_a_model_made_within_the_time()
    {
        // The second one sees nothing: all of its first weights are zero.
        Backbone blind = Blind();
        FineTuneRecipe recipe = FineTuneRecipe.Auto(
            _ml,
            _images.Paths(_ml),
            Options(TimeSpan.FromMinutes(2), blind, SmallBackbone.Create())
        );
        using FineTuneTransformer model = recipe.Model;
        Assert.Equal("small", recipe.Options.Backbone!.Name);
        Assert.True(recipe.Duration < TimeSpan.FromMinutes(2.1));
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(_images.Paths(_ml))).MicroAccuracy > 0.9);
        Assert.Contains(recipe.Reasons, r => r.Contains("60 images of 3 classes", StringComparison.Ordinal));
        Assert.Contains(recipe.Reasons, r => r.Contains("The backbone is 'small'", StringComparison.Ordinal));
        Assert.Contains(recipe.Reasons, r => r.Contains("An epoch of all layers takes", StringComparison.Ordinal));
        Assert.Contains(recipe.Reasons, r => r.StartsWith("Training all layers was", StringComparison.Ordinal));
    }

    [Fact]
    public void It_is_a_step_of_a_pipeline()
    {
        FineTuneAutoEstimator estimator = _ml.MulticlassClassification.Trainers.FineTuneAuto(
            Options(TimeSpan.FromMinutes(1), SmallBackbone.Create())
        );
        IDataView data = _images.Paths(_ml);
        ITransformer model = estimator.Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.9);
        (model as IDisposable)?.Dispose();
    }

    [Fact]
    public void Too_little_time_is_an_error_that_says_so()
    {
        string message = Assert
            .Throws<InvalidOperationException>(() =>
                FineTuneRecipe.Auto(_ml, _images.Paths(_ml), Options(TimeSpan.FromMilliseconds(1), SmallBackbone.Create()))
            )
            .Message;
        Assert.Contains("too short", message, StringComparison.Ordinal);
        Assert.Contains("'small'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_images_than_classes_are_refused()
    {
        IDataView two = _ml.Data.TakeRows(_images.Paths(_ml), 2);
        string message = Assert
            .Throws<InvalidOperationException>(() =>
                FineTuneRecipe.Auto(_ml, two, Options(TimeSpan.FromMinutes(1), SmallBackbone.Create()))
            )
            .Message;
        Assert.Contains("2 images for the 3 classes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_ends_it()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            FineTuneRecipe.Auto(
                _ml,
                _images.Paths(_ml),
                Options(TimeSpan.FromMinutes(1), SmallBackbone.Create()) with
                {
                    CancellationToken = canceled.Token,
                }
            )
        );
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.FineTuneAuto(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.MulticlassClassification.Trainers.FineTuneAuto(Options(TimeSpan.FromMinutes(1)))
        );
    }

    private static Backbone Blind()
    {
        Backbone sees = SmallBackbone.Create();
        var zeros = sees.Graph.Initializers.Values.ToDictionary(t => t.Name);
        zeros["block8.conv.weight"] = OnnxTensor.FromFloats("block8.conv.weight", [8, 3, 3, 3], new float[8 * 27]);
        return Backbone.FromGraph(sees.Graph with { Initializers = zeros }, sees.Preprocessing, "blind");
    }

    private static FineTuneRecipeOptions Options(TimeSpan time, params Backbone[] backbones) =>
        new()
        {
            TimeBudget = time,
            Backbones = backbones,
            Seed = 1,
            Threads = 1,
            Runtime = RuntimeUnderTest.Create(),
        };
}
