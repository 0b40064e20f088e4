using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.Uncertainty.Conformal;
using Xunit;

namespace MLNetExtensions.Tests.Uncertainty.Conformal;

public sealed class ConformalIntervalTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose() => _reloaded.Dispose();

    [Fact]
    public void An_interval_around_the_score_has_the_order_statistic_of_the_errors()
    {
        Row[] rows = [.. Enumerable.Range(1, 19).Select(i => new Row { Label = 10, Score = 10 + (i % 2 == 0 ? i : -i) })];
        IDataView view = _ml.Data.LoadFromEnumerable(rows);

        using ConformalIntervalTransformer transformer = _ml.Regression.ConformalIntervals(coverage: 0.9).Fit(view);

        Assert.Equal(18, transformer.Margin); // of 19 errors 1 to 19: the ceil(20 * 0.9)-th
        float[][] intervals = [.. transformer.Transform(view).GetColumn<float[]>("PredictionInterval")];
        Assert.All(intervals.Zip(rows), pair => Assert.Equal([pair.Second.Score - 18, pair.Second.Score + 18], pair.First));
        Assert.Equal(intervals, _reloaded.Of(_ml, transformer, view.Schema).Transform(view).GetColumn<float[]>("PredictionInterval"));
    }

    [Fact]
    public void Quantiles_make_intervals_that_are_wide_where_the_number_is_uncertain()
    {
        IDataView calibration = _ml.Data.LoadFromEnumerable(Draw(500, seed: 1)),
            test = _ml.Data.LoadFromEnumerable(Draw(5000, seed: 2));
        var options = new ConformalIntervalOptions { LowerColumnName = "Lower", UpperColumnName = "Upper" };

        using ConformalIntervalTransformer transformer = _ml.Regression.ConformalIntervals(options).Fit(calibration);

        Row[] rows = [.. _ml.Data.CreateEnumerable<Row>(test, reuseRowObject: false)];
        float[][] intervals = [.. transformer.Transform(test).GetColumn<float[]>("PredictionInterval")];
        Assert.InRange(
            rows.Zip(intervals).Average(pair => pair.First.Label >= pair.Second[0] && pair.First.Label <= pair.Second[1] ? 1 : 0),
            0.87,
            0.93
        );
        Assert.Equal(rows[3].Lower - transformer.Margin, intervals[3][0], 1e-5f);
        Assert.True(transformer.Margin > 0); // the quantiles were too narrow
    }

    [Fact]
    public void Crossed_ends_meet_in_their_middle()
    {
        Row[] rows =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(_ => new Row
                {
                    Label = 1,
                    Lower = -9,
                    Upper = 11,
                }),
        ];
        IDataView crossed = _ml.Data.LoadFromEnumerable([new Row { Lower = 4, Upper = 6 }]);
        using ConformalIntervalTransformer transformer = _ml
            .Regression.ConformalIntervals(new ConformalIntervalOptions { LowerColumnName = "Lower", UpperColumnName = "Upper" })
            .Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.Equal(-10, transformer.Margin);
        Assert.Equal([5f, 5f], transformer.Transform(crossed).GetColumn<float[]>("PredictionInterval").Single());
    }

    [Fact]
    public void One_quantile_alone_is_refused() =>
        Assert.Contains(
            "UpperColumnName is not set",
            Assert
                .Throws<ArgumentException>(() =>
                    _ml.Regression.ConformalIntervals(new ConformalIntervalOptions { LowerColumnName = "Lower" })
                )
                .Message,
            StringComparison.Ordinal
        );

    private static IEnumerable<Row> Draw(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            float width = 0.1f + random.NextSingle();
            yield return new Row
            {
                Label = (float)(width * ScoredRows.Normal(random)),
                Lower = -width,
                Upper = width,
            };
        }
    }

    private sealed class Row
    {
        public float Label { get; set; }

        public float Score { get; set; }

        public float Lower { get; set; }

        public float Upper { get; set; }
    }
}
