using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.Estimates;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.FineTune.LowRank;
using MLNetExtensions.Trainers.FineTune.Recipes;
using MLNetExtensions.Training.RateTests;
using MLNetExtensions.Training.Soups;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The blocks of docs/fine-tuning.md.</summary>
public sealed class FineTuningDocumentTests : IDisposable
{
    private readonly ColorImages _images = new(30);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_blocks_run()
    {
        string backboneFile = Path.Combine(_folder.Path, "backbone.onnx"),
            onnxFile = Path.Combine(_folder.Path, "model.onnx");
        SmallBackbone.Create().Graph.Save(backboneFile);
        var ml = new MLContext(seed: 1);
        IDataView train = _images.Paths(ml),
            newTrain = train,
            validation = train;

        FineTuneRecipe recipe = FineTuneRecipe.Auto(
            ml,
            train,
            new FineTuneRecipeOptions
            {
                TimeBudget = TimeSpan.FromMinutes(5),
                Backbones = [Backbone.FromFile(backboneFile)], // by default all that are on this machine
            }
        );
        Console.WriteLine(recipe);
        recipe.Model.ExportOnnx(onnxFile);

        var options = new FineTuneOptions
        {
            Backbone = Backbone.FromFile(backboneFile),
            TrainableLayers = FineTuneLayers.All,
            Epochs = 4,
            LayerRates = new LayerDecay(0.75f), // each block learns at 0.75 times the rate of the one behind it
            UnfreezeEpochs = 1, // the last block first, then another one each epoch
            StartDecay = 0.1f, // pull weights towards the pretrained ones, in place of weight decay
        };

        var adapted = new FineTuneOptions
        {
            Backbone = Backbone.FromFile(backboneFile),
            TrainableLayers = FineTuneLayers.All,
            Epochs = 4,
            LowRankAdaptation = new LowRankAdaptation(Rank: 2),
        };

        using FineTuneTransformer before = ml.MulticlassClassification.Trainers.FineTune(adapted).Fit(train);
        using FineTuneTransformer after = ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions { Backbone = Backbone.FromGraph(before.Model), WarmStart = true }
            )
            .Fit(newTrain);

        TrainingEstimate estimate = ml.MulticlassClassification.Trainers.FineTune(adapted).Estimate(train);
        Console.WriteLine(estimate); // 1,400 images: reading 9.8 s, head 60 epochs of 45 ms, network 15 epochs of 71.2 s (...); about 18.0 min in all. ...

        FineTuneEstimator trainer = ml.MulticlassClassification.Trainers.FineTune(options);
        LearningRateCurve curve = trainer.FindLearningRate(train);
        Console.WriteLine(curve);
        options.LearningRate = curve.Suggestion;

        using FineTuneTransformer first = ml.MulticlassClassification.Trainers.FineTune(options).Fit(train);
        using FineTuneTransformer second = ml.MulticlassClassification.Trainers.FineTune(adapted).Fit(train);
        ModelSoup soup = ml.Vision()
            .GreedySoup(
                [first.Model, second.Model],
                model =>
                {
                    using FineTuneTransformer candidate = first.WithModel(model);
                    return ml.MulticlassClassification.Evaluate(candidate.Transform(validation)).MicroAccuracy;
                }
            );
        using FineTuneTransformer best = first.WithModel(soup.Model);

        OnnxGraph middle = ml.Vision().InterpolateModels(first.Model, second.Model, fraction: 0.5);

        Assert.True(soup.Score >= soup.Scores.Max());
        Assert.True(ml.MulticlassClassification.Evaluate(best.Transform(train)).MicroAccuracy > 0.8);
        Assert.NotEmpty(middle.Nodes);
        Assert.True(after.Result.History.Epochs[0].TrainLoss < Math.Log(3));
    }
}
