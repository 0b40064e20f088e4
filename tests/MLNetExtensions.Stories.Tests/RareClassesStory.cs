using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Metrics;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Two classes look alike, and one of them is rare: three ways to have it found.</summary>
public sealed class RareClassesStory : IDisposable
{
    private readonly ShapeFolder _folder = new();

    public RareClassesStory()
    {
        for (int i = 0; i < 44; i++)
            _folder.Write($"photos/{(i < 40 ? "common" : "rare")}/{i}.png", Shape.Png(i < 40 ? "disc" : "square", i, isGray: true));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("weights of the loss")]
    [InlineData("balanced classes")]
    [InlineData("sampling")]
    [InlineData("focal loss")]
    public void The_rare_class_is_found_sooner(string way)
    {
        TrainNetworkOptions options = Options();
        switch (way)
        {
            case "weights of the loss":
                options.ClassWeights = [1, 10];
                break;
            case "balanced classes":
                options.BalanceClasses = true;
                break;
            case "sampling":
                options.UseWeightedSampling = true;
                break;
            default:
                options.Loss = new Focal(Gamma: 2, Alpha: [0.1f, 0.9f]);
                break;
        }

        (double plain, _) = Train(Options());
        (double found, ClassificationReport report) = Train(options);

        Assert.True(found > plain + 0.05, $"probability {found:F3}, without {plain:F3}");
        ClassMetrics rare = report.Classes.Single(c => c.Name == "rare");
        Assert.Equal(4, rare.Support);
        Assert.True(rare.Scores.Recall > 0.7, report.ToString());
    }

    private static TrainNetworkOptions Options() =>
        new()
        {
            Network = new TinyNetwork(),
            ImageColumnName = "ImagePath",
            Epochs = 12,
            BatchSize = 8,
            LearningRate = 0.02f,
        };

    /// <returns>The mean probability that images of the rare class get for it, and the report.</returns>
    private (double Found, ClassificationReport Report) Train(TrainNetworkOptions options)
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        using TrainNetworkTransformer model = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);
        IDataView scored = model.Transform(data);
        double found = scored
            .GetColumn<float[]>("Score")
            .Zip(scored.GetColumn<uint>("Label"))
            .Where(row => row.Second == 2)
            .Average(row => row.First[1]);
        return (found, ml.Vision().Report(scored));
    }
}
