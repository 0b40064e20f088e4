using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A number is read off images: how large a shape is worth in money.</summary>
public sealed class RegressionStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_price_is_learned_in_its_own_unit_and_loaded_again()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 36)
                .Select(i => new Priced
                {
                    ImagePath = _folder.File($"photos/{Shape.Names[i % 3]}/{i}.png"),
                    Price = 1000 + (500 * (i % 3)),
                })
        );
        var options = new TrainNetworkOptions
        {
            Network = new TinyNetwork(),
            ImageColumnName = "ImagePath",
            LabelColumnName = "Price",
            ScoreColumnName = "Guess",
            Epochs = 30,
            LearningRate = 0.02f,
        };
        using TrainNetworkTransformer model = ml.Regression.Trainers.TrainNetwork(options).Fit(data);

        IDataView scored = model.Transform(data);
        Assert.True(ml.Regression.Evaluate(scored, "Price", "Guess").RSquared > 0.6);
        Assert.InRange(ml.Vision().ReportRegression(scored, "Price", "Guess").MeanAbsoluteError, 0, 300);
        string file = _folder.File("price.zip");
        ml.Model.Save(model, data.Schema, file);
        float[] here = [.. scored.GetColumn<float>("Guess")],
            there = [.. new MLContext().Model.Load(file, out _).Transform(data).GetColumn<float>("Guess")];
        Assert.Equal(here, there, (a, b) => Math.Abs(a - b) < 0.1f);
    }

    private sealed class Priced
    {
        public string ImagePath { get; set; } = "";

        public float Price { get; set; }
    }
}
