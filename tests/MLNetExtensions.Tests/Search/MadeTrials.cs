using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Search;

namespace MLNetExtensions.Tests.Search;

/// <summary>Sweeps whose trials learn nothing: a trial's value is a function of its options and epochs, which its model scores.</summary>
internal sealed class MadeTrials
{
    private readonly List<(int Trial, int? Epochs)> _trained = [];

    public MLContext Context { get; } = new(seed: 1);

    public SearchSpace<Options> Space { get; } = new SearchSpace<Options>().Range(o => o.X, 0.0, 1.0).Choice(o => o.Kind, "a", "b");

    /// <summary>The mean of the scores; higher is better.</summary>
    public SweepMetric Metric { get; } =
        SweepMetric.Of("Mean", isHigherBetter: true, (_, scored) => scored.GetColumn<float>("Score").Average(score => (double)score));

    /// <summary>The value of a trial.</summary>
    public Func<Options, TrialRun, double> Value { get; init; } = (options, run) => Curve(options, run.Epochs ?? 9);

    /// <summary>The trainings, in their order.</summary>
    public IReadOnlyList<(int Trial, int? Epochs)> Trained => _trained;

    public IDataView Rows => Context.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row { Number = i }));

    /// <summary>Rises with the epochs; the best is at an X of 0.7.</summary>
    public static double Curve(Options options, int epochs) =>
        (options.Kind == "b" ? 0.5 : 0.4) - (Math.Abs(options.X - 0.7) / 2) + (0.3 * (1 - Math.Exp(-epochs / 6.0)));

    public SweepResult<Options> Sweep(SweepOptions options)
    {
        options.Metric = Metric;
        return Context.Vision().Sweep(Rows, Create, Space, options);
    }

    private IEstimator<ITransformer> Create(Options options, TrialRun run)
    {
        lock (_trained)
            _trained.Add((run.Trial, run.Epochs));
        float value = (float)Value(options, run);
        string text = float.IsNaN(value) ? "x * 0 / (x * 0)" : value.ToString("R", CultureInfo.InvariantCulture);
        return Context.Transforms.Expression("Score", $"x => float(x * 0 + {text})", "Number");
    }

    public sealed class Options
    {
        public double X { get; set; }
        public string Kind { get; set; } = "";
    }

    private sealed class Row
    {
        public float Number { get; set; }
    }
}
