using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.Uncertainty.Outliers;
using Xunit;

namespace MLNetExtensions.Tests.Uncertainty.Outliers;

public sealed class OutlierTests : IDisposable
{
    private const int Length = 12;

    private readonly MLContext _ml = new(seed: 1);
    private readonly ReloadedModels _reloaded = new();

    public static TheoryData<OutlierScore> Scores =>
        [
            new NearestNeighborScore(),
            new NearestNeighborScore { Neighbors = 1 },
            new MahalanobisScore(),
            new EnergyScore(),
            new EnergyScore { Temperature = 2 },
        ];

    public void Dispose() => _reloaded.Dispose();

    [Theory]
    [MemberData(nameof(Scores))]
    public void Rows_from_elsewhere_are_told_from_new_rows_of_the_same_kind(OutlierScore score)
    {
        IDataView training = View(400, 0, seed: 1),
            test = View(400, 0, seed: 2),
            elsewhere = View(400, 1, seed: 3);
        var options = new OutlierOptions { Score = score, LabelColumnName = score is MahalanobisScore ? "Label" : null };

        using OutlierTransformer transformer = _ml.AnomalyDetection.Trainers.Outliers(options).Fit(training);

        double alarms = transformer.Transform(test).GetColumn<bool>("PredictedLabel").Average(alarm => alarm ? 1.0 : 0);
        Assert.InRange(alarms, 0.01, 0.12);
        float[] near = [.. transformer.Transform(test).GetColumn<float>("Score")],
            far = [.. transformer.Transform(elsewhere).GetColumn<float>("Score")];
        Assert.True(Auc(near, far) > 0.95, $"{Auc(near, far)}");
        IDataView reloaded = _reloaded.Of(_ml, transformer, test.Schema).Transform(test);
        Assert.Equal(near, reloaded.GetColumn<float>("Score"));
        Assert.Equal(transformer.Transform(test).GetColumn<bool>("PredictedLabel"), reloaded.GetColumn<bool>("PredictedLabel"));
    }

    [Fact]
    public void The_distance_is_that_to_the_kth_neighbor()
    {
        Row[] rows = [Unit(0), Unit(10), Unit(20), Unit(50)];
        using OutlierTransformer transformer = _ml
            .AnomalyDetection.Trainers.Outliers("Features", new NearestNeighborScore { Neighbors = 2 })
            .Fit(Of(rows));
        // Of 0, the neighbors are at 0 and 10 degrees; of 60, at 50 and 20. Lengths do not count.
        float[] scores = [.. transformer.Transform(Of([Unit(0, 7), Unit(60)])).GetColumn<float>("Score")];
        Assert.Equal(2 * Math.Sin(5 * Math.PI / 180), scores[0], 1e-3);
        Assert.Equal(2 * Math.Sin(20 * Math.PI / 180), scores[1], 1e-3);

        static Row Unit(double degrees, float length = 1)
        {
            var row = new Row { Features = new float[Length] };
            (row.Features[0], row.Features[1]) = (
                length * (float)Math.Cos(degrees * Math.PI / 180),
                length * (float)Math.Sin(degrees * Math.PI / 180)
            );
            return row;
        }
    }

    [Fact]
    public void The_Mahalanobis_distance_of_new_rows_is_chi_squared()
    {
        // Correlated features of uneven scale: distances from one mean are those of independent normals all the same.
        var random = new Random(5);
        IDataView training = Of(Enumerable.Range(0, 5000).Select(_ => Correlated(random))),
            test = Of(Enumerable.Range(0, 5000).Select(_ => Correlated(random)));
        using OutlierTransformer transformer = _ml
            .AnomalyDetection.Trainers.Outliers("Features", new MahalanobisScore { Regularization = 1e-6f })
            .Fit(training);
        float[] scores = [.. transformer.Transform(test).GetColumn<float>("Score")];
        Assert.Equal(Length, scores.Average(), 0.3);
        Assert.Equal(2 * Length, scores.Select(score => (double)score).Average(score => (score - Length) * (score - Length)), 2.5);

        static Row Correlated(Random random)
        {
            float[] values = [.. Enumerable.Range(0, Length).Select(i => (float)(ScoredRows.Normal(random) * (1 + i)))];
            for (int i = 1; i < Length; i++)
                values[i] += 0.5f * values[i - 1];
            values[3] += 100;
            return new Row { Features = values };
        }
    }

    [Fact]
    public void The_energy_is_that_of_the_logits()
    {
        using OutlierTransformer transformer = _ml
            .AnomalyDetection.Trainers.Outliers("Features", new EnergyScore())
            .Fit(View(10, 0, seed: 1));
        float score = transformer.Transform(Of([new Row { Features = new float[Length] }])).GetColumn<float>("Score").Single();
        Assert.Equal(-Math.Log(Length), score, 1e-5);
    }

    [Fact]
    public void Results_do_not_depend_on_threads_and_evaluate_like_those_of_MLNET()
    {
        IDataView training = View(300, 0, seed: 1);
        foreach (OutlierScore score in (OutlierScore[])[new NearestNeighborScore(), new MahalanobisScore()])
        {
            using OutlierTransformer first = _ml.AnomalyDetection.Trainers.Outliers("Features", score).Fit(training),
                second = _ml.AnomalyDetection.Trainers.Outliers("Features", score).Fit(training);
            Assert.Equal(first.Threshold, second.Threshold);
            Assert.Equal(first.Model.ToBytes(), second.Model.ToBytes());
        }
        using OutlierTransformer transformer = _ml.AnomalyDetection.Trainers.Outliers().Fit(training);
        IDataView mixed = Of(
            _ml.Data.CreateEnumerable<Row>(View(200, 0, seed: 2), false)
                .Concat(_ml.Data.CreateEnumerable<Row>(View(200, 1, seed: 3), false))
        );
        AnomalyDetectionMetrics metrics = _ml.AnomalyDetection.Evaluate(transformer.Transform(mixed), "IsOutlier");
        Assert.True(metrics.AreaUnderRocCurve > 0.95);
    }

    [Fact]
    public void Too_few_rows_and_numbers_that_are_not_finite_are_refused()
    {
        Assert.Contains(
            "11 at least",
            Assert.Throws<ArgumentException>(() => _ml.AnomalyDetection.Trainers.Outliers().Fit(View(10, 0, seed: 1))).Message,
            StringComparison.Ordinal
        );
        Row[] rows = [.. _ml.Data.CreateEnumerable<Row>(View(20, 0, seed: 1), false)];
        rows[7].Features[2] = float.NaN;
        Assert.Contains(
            "Row 7: a value of column 'Features' is NaN",
            Assert.Throws<InvalidDataException>(() => _ml.AnomalyDetection.Trainers.Outliers().Fit(Of(rows))).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Two classes, each around a place of its own, or rows around a third.</summary>
    private IDataView View(int count, int kind, int seed)
    {
        var random = new Random(seed);
        return Of(
            Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    float[] features = [.. Enumerable.Range(0, Length).Select(_ => (float)ScoredRows.Normal(random))];
                    if (kind == 0)
                        features[i % 2] += 10;
                    else
                        features[5] -= 6;
                    return new Row
                    {
                        Features = features,
                        Name = i % 2 == 0 ? "a" : "b",
                        IsOutlier = kind,
                    };
                })
        );
    }

    private IDataView Of(IEnumerable<Row> rows)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(rows.ToArray());
        return _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
    }

    private static double Auc(float[] low, float[] high) =>
        high.Average(h =>
            low.Average(l =>
                l < h ? 1
                : l == h ? 0.5
                : 0
            )
        );

    private sealed class Row
    {
        [VectorType(Length)]
        public float[] Features { get; set; } = [];

        public string Name { get; set; } = "a";

        public float IsOutlier { get; set; }
    }
}
