using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Quality;
using MLNetExtensions.Tests.Uncertainty;
using Xunit;

namespace MLNetExtensions.Tests.Quality;

public class LabelErrorTests
{
    private const int Length = 8,
        Classes = 4;

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Flipped_labels_of_separable_rows_are_found()
    {
        Row[] rows = Draw(1000, seed: 1);
        HashSet<long> flipped = Flip(rows, 0.1, seed: 2);

        LabelErrorReport report = _ml.Vision().FindLabelErrors(View(rows), new LabelErrorOptions { FeatureColumnName = "Features" });

        int right = report.Issues.Count(issue => flipped.Contains(issue.Row));
        Assert.True(right >= 0.9 * flipped.Count, $"{right} of {flipped.Count} found");
        Assert.True(right >= 0.9 * report.Issues.Count, $"{right} of {report.Issues.Count} are right");
        Assert.All(
            report.Issues.Where(issue => flipped.Contains(issue.Row)),
            issue =>
            {
                Assert.Equal($"c{issue.Row % Classes}", issue.SuggestedLabel);
                Assert.Equal(rows[issue.Row].Name, issue.GivenLabel);
                Assert.Equal(rows[issue.Row].ImagePath, issue.Path);
            }
        );
        Assert.Equal(report.Issues.OrderBy(issue => issue.Quality), report.Issues);
        Assert.Equal(0.1, report.EstimatedErrorRate, 0.03);
        Assert.Equal(1, Enumerable.Range(0, Classes).Sum(g => Enumerable.Range(0, Classes).Sum(t => report.JointOf(g, t))), 1e-9);
        Assert.Contains("probably wrong", report.ToString(), StringComparison.Ordinal);
        Assert.Contains(report.Issues[0].Path!, report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Clean_labels_have_hardly_any_issues()
    {
        LabelErrorReport report = _ml.Vision()
            .FindLabelErrors(View(Draw(800, seed: 1)), new LabelErrorOptions { FeatureColumnName = "Features" });
        Assert.True(report.Issues.Count <= 4, $"{report.Issues.Count}");
        Assert.True(report.Accuracy > 0.99);
    }

    [Fact]
    public void The_result_is_the_same_each_time_and_with_another_seed_much_the_same()
    {
        Row[] rows = Draw(400, seed: 1);
        Flip(rows, 0.1, seed: 2);
        LabelErrorReport Find(int seed) =>
            _ml.Vision().FindLabelErrors(View(rows), new LabelErrorOptions { FeatureColumnName = "Features", Seed = seed });
        LabelErrorReport first = Find(1);
        Assert.Equal(first.Qualities, Find(1).Qualities);
        Assert.NotEqual(first.Qualities, Find(2).Qualities);
        Assert.True(first.Issues.Select(issue => issue.Row).Intersect(Find(2).Issues.Select(issue => issue.Row)).Count() > 30);
    }

    [Fact]
    public void Scores_that_are_there_already_are_used()
    {
        (float[] scores, int[] labels) = ScoredRows.Draw(500, Classes, seed: 1, spread: 6);
        int[] wrong = [.. labels.Select((label, row) => row % 20 == 0 ? (label + 1) % Classes : label)];

        LabelErrorReport report = _ml.Vision()
            .FindLabelErrors(ScoredRows.Of(_ml, scores, wrong, Classes), new LabelErrorOptions { ScoreColumnName = "Score" });

        Assert.True(report.Issues.Count(issue => issue.Row % 20 == 0) >= 20);
        Assert.Null(report.Issues[0].Path);
    }

    [Fact]
    public void Settings_are_checked_together()
    {
        VisionOperationsCatalog vision = _ml.Vision();
        IDataView rows = View(Draw(40, seed: 1));
        Assert.Contains(
            "Set Backbone, FeatureColumnName or ScoreColumnName",
            Assert.Throws<ArgumentException>(() => vision.FindLabelErrors(rows, new LabelErrorOptions())).Message,
            StringComparison.Ordinal
        );
        string both = Assert
            .Throws<ArgumentOutOfRangeException>(() =>
                vision.FindLabelErrors(
                    rows,
                    new LabelErrorOptions
                    {
                        FeatureColumnName = "Features",
                        ScoreColumnName = "Score",
                        Folds = 1,
                    }
                )
            )
            .Message;
        Assert.Contains("the only source", both, StringComparison.Ordinal);
        Assert.Contains("Folds must be at least 2, not 1", both, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_label_are_refused_and_a_cancellation_ends_it()
    {
        Row[] rows = Draw(40, seed: 1);
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            _ml.Vision()
                .FindLabelErrors(View(rows), new LabelErrorOptions { FeatureColumnName = "Features", CancellationToken = canceled.Token })
        );
        foreach (Row row in rows)
            row.Name = "c0";
        Assert.Contains(
            "All rows have one label",
            Assert
                .Throws<ArgumentException>(() =>
                    _ml.Vision().FindLabelErrors(View(rows), new LabelErrorOptions { FeatureColumnName = "Features" })
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    private IDataView View(Row[] rows)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
    }

    /// <summary>Four clouds apart; a row's class is the rest of its number.</summary>
    private static Row[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    float[] features = [.. Enumerable.Range(0, Length).Select(_ => (float)ScoredRows.Normal(random))];
                    features[i % Classes] += 7;
                    return new Row
                    {
                        Features = features,
                        Name = $"c{i % Classes}",
                        ImagePath = $"photos/{i}.jpg",
                    };
                }),
        ];
    }

    private static HashSet<long> Flip(Row[] rows, double part, int seed)
    {
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        random.Shuffle(order);
        HashSet<long> flipped = [.. order.Take((int)(part * rows.Length)).Select(row => (long)row)];
        foreach (long row in flipped)
            rows[row].Name = $"c{(row + 1 + random.Next(Classes - 1)) % Classes}";
        return flipped;
    }

    private sealed class Row
    {
        [VectorType(Length)]
        public float[] Features { get; set; } = [];

        public string Name { get; set; } = "";

        public string ImagePath { get; set; } = "";
    }
}
