using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Similarity.Neighbors;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Similarity.Neighbors;

public sealed class NearestNeighborTests : IDisposable
{
    private const int Length = 10,
        Classes = 3;

    private readonly MLContext _ml = new(seed: 1);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose() => _reloaded.Dispose();

    [Fact]
    public void New_rows_are_classified_evaluated_saved_and_loaded()
    {
        IDataView training = View(DrawnVectors.Clustered(300, Length, seed: 1, clusters: Classes)),
            test = View(DrawnVectors.Clustered(150, Length, seed: 2, clusters: Classes));

        using NearestNeighborTransformer model = _ml.MulticlassClassification.Trainers.NearestNeighbors().Fit(training);

        IDataView scored = model.Transform(test);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(scored);
        Assert.True(metrics.MicroAccuracy > 0.97, $"{metrics.MicroAccuracy}");
        Assert.All(scored.GetColumn<float[]>("Score"), score => Assert.Equal(1, score.Sum(), 1e-5f));
        IDataView reloaded = _reloaded.Of(_ml, model, test.Schema).Transform(test);
        Assert.Equal(
            scored.GetColumn<float[]>("Score").SelectMany(score => score),
            reloaded.GetColumn<float[]>("Score").SelectMany(score => score)
        );
        Assert.Equal(scored.GetColumn<uint>("PredictedLabel"), reloaded.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(300, model.TrainingRows);
    }

    [Fact]
    public void Votes_are_weighed_by_their_similarity()
    {
        // Of (1, 0): one neighbor at 0 degrees, two of another class at 60.
        float half = 0.5f,
            high = MathF.Sqrt(3) / 2;
        float[] rows = [1, 0, half, high, half, -high];
        IDataView training = Of(rows, 2, ["a", "b", "b"]);
        foreach (float temperature in (float[])[0.5f, 2, float.PositiveInfinity])
        {
            using NearestNeighborTransformer model = _ml
                .MulticlassClassification.Trainers.NearestNeighbors(new NearestNeighborOptions { Neighbors = 5, Temperature = temperature })
                .Fit(training);
            float[] score = model.Transform(Of([3, 0], 2, ["a"])).GetColumn<float[]>("Score").Single();
            double a = Math.Exp(1 / temperature),
                b = 2 * Math.Exp(0.5 / temperature);
            Assert.Equal(a / (a + b), score[0], 1e-5);
            Assert.Equal(b / (a + b), score[1], 1e-5);
        }
    }

    [Fact]
    public void It_cross_validates_like_any_trainer()
    {
        IDataView rows = View(DrawnVectors.Clustered(120, Length, seed: 1, clusters: Classes));
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<MulticlassClassificationMetrics>> results =
            _ml.MulticlassClassification.CrossValidate(rows, _ml.MulticlassClassification.Trainers.NearestNeighbors(), 3);
        Assert.All(results, result => Assert.True(result.Metrics.MicroAccuracy > 0.95));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        string message = Assert
            .Throws<ArgumentOutOfRangeException>(() =>
                _ml.MulticlassClassification.Trainers.NearestNeighbors(new NearestNeighborOptions { Neighbors = 0, Temperature = 0 })
            )
            .Message;
        Assert.Contains("Neighbors must be at least 1, not 0", message, StringComparison.Ordinal);
        Assert.Contains("Temperature must be above 0, not 0", message, StringComparison.Ordinal);
    }

    private IDataView View(float[] values)
    {
        int rows = values.Length / Length;
        return Of(values, Length, [.. Enumerable.Range(0, rows).Select(row => $"c{row * Classes / rows}")]);
    }

    private IDataView Of(float[] values, int length, string[] names)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        IDataView view = _ml.Data.LoadFromEnumerable(
            names.Select((name, row) => new Row { Features = values[(row * length)..((row + 1) * length)], Name = name }),
            schema
        );
        return _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Name { get; set; } = "";
    }
}
