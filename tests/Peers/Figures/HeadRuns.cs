using System.Globalization;
using System.Text;
using System.Text.Json;
using FineTuneSample;
using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Search;
using MLNetExtensions.Search.Samplers;
using MLNetExtensions.Search.Spaces;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// 500 real trainings of a head with settings drawn at random, made once and kept (tests/Golden/tuning/real_runs.json): what samplers find in
/// them. With MLNETX_WRITE_RUNS=1 they are made anew.
/// </summary>
internal static class HeadRuns
{
    private const int Runs = 500,
        Trials = 60,
        Seeds = 50;

    private static readonly SearchSpace<FineTuneOptions> Space = new SearchSpace<FineTuneOptions>(
        new FineTuneOptions
        {
            Backbone = Backbone.FromFile(Path.Combine(SharedData.RepositoryRoot, "pretrained", "cifarnet_cifar10.onnx")),
            ImageColumnName = "ImagePath",
            Epochs = 20,
            CalibrateProbabilities = false,
            Optimizer = new MLNetExtensions.Training.Optimizers.AdamW(),
        }
    ).Range(o => o.LearningRate, 1e-5f, 1f, logBase: true).Choice(o => o.BatchSize, 8, 16, 32, 64).Range(o => o.HeadDropout, 0f, 0.9f).Range(o => o.LabelSmoothing, 0f, 0.5f).Range(o => o.ClipGradientNorm, 1e-2f, 1e2f, logBase: true);

    private static string File => GoldenFiles.PathOf("tuning", "real_runs.json");

    /// <summary>How far the best of 60 trials is from the best run, TPE beside random draws: medians of 50 seeds.</summary>
    public static double? TpeVsRandom()
    {
        if (Environment.GetEnvironmentVariable("MLNETX_WRITE_RUNS") == "1")
            Write();
        (double[] Point, double Loss)[] runs = Read();
        double best = runs.Min(run => run.Loss);
        Console.WriteLine(FormattableString.Invariant($"{runs.Length} runs, log-loss {best:F4} to {runs.Max(run => run.Loss):F4}"));
        double random = Distance("random", new RandomSampler(), runs, best);
        _ = Distance("TPE, each alone", new TpeSampler { IsMultivariate = false }, runs, best);
        return Distance("TPE", new TpeSampler(), runs, best) / random;
    }

    private static double Distance(string name, TrialSampler sampler, (double[] Point, double Loss)[] runs, double best)
    {
        double[] distances = [.. Enumerable.Range(0, Seeds).Select(seed => Play(sampler, runs, seed) - best).Order()];
        double median = (distances[(Seeds / 2) - 1] + distances[Seeds / 2]) / 2;
        Console.WriteLine(
            FormattableString.Invariant(
                $"{name}: the best of {Trials} trials is {median:F4} above the best run, mean {distances.Average():F4}, worst {distances[^1]:F4}"
            )
        );
        return median;
    }

    /// <summary>A sweep over the runs: a trial is the run nearest to what the sampler draws, each run once.</summary>
    private static double Play(TrialSampler sampler, (double[] Point, double Loss)[] runs, int seed)
    {
        List<SampledTrial> trials = [];
        HashSet<int> left = [.. Enumerable.Range(0, runs.Length)];
        for (int trial = 0; trial < Trials; trial++)
        {
            double[] drawn = sampler.Draw(Space.Dimensions, trials, new Random(Training.RunSeed.Of(seed, trial)));
            int nearest = left.MinBy(run => Apart(runs[run].Point, drawn));
            left.Remove(nearest);
            trials.Add(new SampledTrial(runs[nearest].Point, 0, -runs[nearest].Loss, true, false));
        }
        return -trials.Max(trial => trial.Score);
    }

    private static double Apart(double[] a, double[] b) =>
        Space
            .Dimensions.Select(
                (dimension, d) =>
                    dimension.ChoiceCount > 0
                        ? a[d] == b[d]
                            ? 0
                            : 1
                        : Math.Pow((a[d] - b[d]) / (dimension.High - dimension.Low), 2)
            )
            .Sum();

    private static (double[] Point, double Loss)[] Read()
    {
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File));
        return
        [
            .. document
                .RootElement.GetProperty("runs")
                .EnumerateArray()
                .Select(run => run.EnumerateArray().Select(number => number.GetDouble()).ToArray())
                .Select(run => (run[..^1], run[^1])),
        ];
    }

    private static void Write()
    {
        using var shapes = new ShapeImages(perClass: 60, seed: 1);
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(shapes.Folder);
        IDataView rows = ml.Data.Cache(ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos));
        int done = 0;
        using SweepResult<FineTuneOptions> result = ml.MulticlassClassification.Sweep(
            rows,
            options => ml.MulticlassClassification.Trainers.FineTune(options),
            Space,
            new SweepOptions
            {
                MaxTrials = Runs,
                Halving = null,
                Sampler = new RandomSampler(),
                Metric = SweepMetric.LogLoss(),
                Progress = new Progress<SweepProgress>(_ => Console.Write(++done % 50 == 0 ? $"{done}\n" : "")),
            }
        );
        Console.WriteLine(result);
        var text = new StringBuilder(
            """
            {"made":"tests/Peers/Figures/HeadRuns.cs, MLNETX_WRITE_RUNS=1: heads on pretrained/cifarnet_cifar10.onnx, 240 drawn shapes, 20 epochs of AdamW; a run is its coordinates (logarithms of ranges with logBase, indices of choices) and its log-loss on a fifth of the images","names":
            """.TrimEnd()
        );
        text.Append(JsonSerializer.Serialize(Space.Names)).Append(",\"runs\":[\n");
        text.AppendJoin(",\n", result.Trials.Where(trial => trial.Value is not null).Select(trial => $"[{Numbers(trial)}]"));
        System.IO.File.WriteAllText(File, text.Append("\n]}\n").ToString());
    }

    private static string Numbers(SweepTrial<FineTuneOptions> trial)
    {
        FineTuneOptions options = trial.Options;
        double[] numbers =
        [
            Math.Log(options.LearningRate!.Value),
            Math.Log2(options.BatchSize / 8.0),
            options.HeadDropout,
            options.LabelSmoothing,
            Math.Log(options.ClipGradientNorm!.Value),
            trial.Value!.Value,
        ];
        return string.Join(',', numbers.Select(number => number.ToString("G6", CultureInfo.InvariantCulture)));
    }
}
