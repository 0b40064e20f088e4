using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.Uncertainty.Conformal;
using Xunit;

namespace MLNetExtensions.Tests.Uncertainty.Conformal;

public sealed class ConformalSetTests : IDisposable
{
    private const int Classes = 6;

    private readonly MLContext _ml = new(seed: 1);
    private readonly ReloadedModels _reloaded = new();

    public static TheoryData<ConformalMethod, bool, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<ConformalMethod, bool, bool, bool>();
            foreach (ConformalMethod method in Enum.GetValues<ConformalMethod>())
            foreach (bool randomized in (bool[])[false, true])
            foreach (bool perClass in (bool[])[false, true])
            foreach (bool neverEmpty in (bool[])[false, true])
                cases.Add(method, randomized, perClass, neverEmpty);
            return cases;
        }
    }

    public void Dispose() => _reloaded.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_graph_makes_the_sets_of_the_scores_and_so_does_a_saved_model(
        ConformalMethod method,
        bool randomized,
        bool perClass,
        bool neverEmpty
    )
    {
        var options = new ConformalSetOptions
        {
            Method = method,
            Randomized = randomized,
            ClassConditional = perClass,
            NeverEmpty = neverEmpty,
            Coverage = 0.7,
        };
        (float[] scores, int[] labels) = ScoredRows.Draw(400, Classes, seed: 3);
        IDataView rows = ScoredRows.Of(_ml, scores, labels, Classes);
        using ConformalSetTransformer transformer = _ml.MulticlassClassification.ConformalSets(options).Fit(rows);

        bool[][] sets = [.. transformer.Transform(rows).GetColumn<bool[]>("PredictionSet")];

        Assert.Equal(Expected(options, scores, transformer.Thresholds), sets.SelectMany(set => set));
        IDataView reloaded = _reloaded.Of(_ml, transformer, rows.Schema).Transform(rows);
        Assert.Equal(sets, reloaded.GetColumn<bool[]>("PredictionSet"));
        Assert.Equal(["c0", "c1", "c2", "c3", "c4", "c5"], SlotNames(reloaded.Schema["PredictionSet"]));
    }

    [Theory]
    [InlineData(ConformalMethod.Lac)]
    [InlineData(ConformalMethod.Aps)]
    [InlineData(ConformalMethod.Raps)]
    public void Over_many_splits_the_coverage_is_what_was_promised(ConformalMethod method)
    {
        const int Splits = 200,
            Calibration = 100,
            Test = 400;
        const double Coverage = 0.9;
        var options = new ConformalSetOptions
        {
            Method = method,
            Coverage = Coverage,
            NeverEmpty = false,
        };
        double sum = 0;
        for (int split = 0; split < Splits; split++)
        {
            // Wrong by far in its probabilities: the promise holds all the same.
            (float[] scores, int[] labels) = ScoredRows.Draw(Calibration + Test, Classes, seed: split, temperature: 0.4);
            var chance = new RowChance(Classes, 1);
            float[] thresholds = ConformalThresholds.Of(
                scores.AsSpan(0, Calibration * Classes),
                labels[..Calibration],
                Classes,
                options,
                chance
            );
            bool[] sets = Expected(options, scores, thresholds);
            sum += Enumerable.Range(Calibration, Test).Average(row => sets[row * Classes + labels[row]] ? 1.0 : 0);
        }
        // The coverage of a split is Beta(n + 1 - l, l) with l = floor((n + 1) alpha), and a binomial draw of it.
        const double Mean = 91 / 101.0;
        double spread = Math.Sqrt((Mean * (1 - Mean) / 102) + (Mean * (1 - Mean) / Test)) / Math.Sqrt(Splits);
        Assert.InRange(sum / Splits, Mean - (3 * spread), Mean + (3 * spread));
    }

    [Fact]
    public void The_number_of_a_row_is_the_same_everywhere_and_uniform()
    {
        (float[] scores, _) = ScoredRows.Draw(20_000, 3, seed: 5);
        var chance = new RowChance(3, seed: 9);
        double[] numbers = [.. Enumerable.Range(0, 20_000).Select(row => (double)chance.Of(scores.AsSpan(row * 3, 3)))];
        for (int tenth = 0; tenth < 10; tenth++)
            Assert.InRange(numbers.Count(u => u >= tenth / 10.0 && u < (tenth + 1) / 10.0), 1800, 2200);
        Assert.Equal(numbers[7], new RowChance(3, seed: 9).Of(scores.AsSpan(21, 3)));
        Assert.NotEqual(numbers[7], new RowChance(3, seed: 10).Of(scores.AsSpan(21, 3)));
    }

    [Fact]
    public void Too_few_rows_are_refused_with_the_least_number()
    {
        (float[] scores, int[] labels) = ScoredRows.Draw(18, Classes, seed: 1);
        IDataView rows = ScoredRows.Of(_ml, scores, labels, Classes);
        ArgumentException refused = Assert.Throws<ArgumentException>(() =>
            _ml.MulticlassClassification.ConformalSets(coverage: 0.95).Fit(rows)
        );
        Assert.Contains("18 calibration rows; a coverage of 0.95 needs 19 at least", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_with_too_few_rows_is_in_every_set_and_a_warning_names_it()
    {
        (float[] scores, int[] labels) = ScoredRows.Draw(300, Classes, seed: 2);
        int[] few = [.. labels.Select(label => label == 4 ? 3 : label)];
        IDataView rows = ScoredRows.Of(_ml, scores, few, Classes);
        List<string> warnings = [];
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        using ConformalSetTransformer transformer = _ml
            .MulticlassClassification.ConformalSets(new ConformalSetOptions { ClassConditional = true })
            .Fit(rows);
        Assert.Contains(warnings, warning => warning.EndsWith("are in every set: c4.", StringComparison.Ordinal));
        Assert.All(transformer.Transform(rows).GetColumn<bool[]>("PredictionSet"), set => Assert.True(set[4]));
    }

    [Fact]
    public void A_report_counts_coverage_and_sizes()
    {
        (float[] scores, int[] labels) = ScoredRows.Draw(1000, Classes, seed: 4);
        IDataView rows = ScoredRows.Of(_ml, scores, labels, Classes);
        using ConformalSetTransformer transformer = _ml.MulticlassClassification.ConformalSets().Fit(rows);
        IDataView sets = transformer.Transform(rows);

        PredictionSetReport report = _ml.Vision().ReportSets(sets);

        bool[][] members = [.. sets.GetColumn<bool[]>("PredictionSet")];
        Assert.Equal(labels.Select((label, row) => members[row][label] ? 1.0 : 0).Average(), report.Coverage, 1e-12);
        Assert.Equal(members.Average(set => set.Count(member => member)), report.MeanSize, 1e-12);
        Assert.Equal(0, report.Sizes[0]);
        Assert.Equal(1000, report.Sizes.Sum());
        Assert.Equal(labels.Count(label => label == 2), report.Classes[2].Count);
        Assert.Contains("coverage: 0.9", report.ToString(), StringComparison.Ordinal);
        double promised = 0;
        sets.Schema["PredictionSet"].Annotations.GetValue("Coverage", ref promised);
        Assert.Equal(0.9, promised);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_together()
    {
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.MulticlassClassification.ConformalSets(
                new ConformalSetOptions
                {
                    Coverage = 1,
                    Penalty = -1,
                    FreeClasses = -1,
                    Method = (ConformalMethod)9,
                }
            )
        );
        foreach (string part in (string[])["Coverage must be above 0 and below 1, not 1.", "Penalty", "FreeClasses", "Method"])
            Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    private static bool[] Expected(ConformalSetOptions options, float[] probabilities, IReadOnlyList<float> thresholds)
    {
        var scoring = new NonconformityScores(options, Classes);
        var chance = new RowChance(Classes, options.Seed);
        bool[] sets = new bool[probabilities.Length];
        float[] scores = new float[Classes];
        for (int at = 0; at < probabilities.Length; at += Classes)
        {
            ReadOnlySpan<float> row = probabilities.AsSpan(at, Classes);
            scoring.Compute(row, chance.Of(row), scores);
            for (int c = 0; c < Classes; c++)
                sets[at + c] = scores[c] <= thresholds[c];
            if (options.NeverEmpty)
                sets[at + System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row)] = true;
        }
        return sets;
    }

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
