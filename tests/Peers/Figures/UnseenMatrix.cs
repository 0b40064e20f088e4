using System.Diagnostics;
using MLNetExtensions.UnseenModels;

namespace MLNetExtensions.Peers.Figures;

/// <summary>Every kind of <see cref="UnseenModel"/> through all steps: load, score, train, compress, save.</summary>
internal static class UnseenMatrix
{
    /// <summary>The part of the steps that end as they should. <c>UNSEEN=name,name</c> takes only kinds whose names begin so.</summary>
    public static double? Measure()
    {
        UnseenStep[] steps = Environment.GetEnvironmentVariable("UNSEEN_STEPS") is { } names
            ? [.. names.Split(',').Select(Enum.Parse<UnseenStep>)]
            : Enum.GetValues<UnseenStep>();
        string[] chosen = Environment.GetEnvironmentVariable("UNSEEN")?.Split(',') ?? [""];
        var outcomes = new List<UnseenOutcome>();
        var faults = new List<string>();
        Console.WriteLine($"{"kind", -40}{string.Concat(steps.Select(s => $"{s, -11}"))}{"s", 5}");
        foreach (UnseenModel model in UnseenModel.All.Where(m => chosen.Any(c => m.Name.StartsWith(c, StringComparison.Ordinal))))
        {
            long started = Stopwatch.GetTimestamp();
            using var trial = new UnseenTrial(model);
            if (trial.Problem() is { } problem)
            {
                faults.Add($"{model.Name}: {problem}");
                continue;
            }
            IReadOnlyList<UnseenOutcome> row = trial.Run(steps);
            outcomes.AddRange(row);
            Console.WriteLine(
                $"{model.Name, -40}{string.Concat(row.Select(o => $"{o.Code, -11}"))}{Stopwatch.GetElapsedTime(started).TotalSeconds, 5:F1}"
            );
        }
        Console.WriteLine();
        foreach (UnseenOutcome wrong in outcomes.Where(o => o.IsRight == false && o.Result != UnseenResult.Blocked))
            Console.WriteLine(wrong);
        Console.WriteLine();
        foreach (UnseenStep step in steps)
            Console.WriteLine($"{step, -12}{Right(outcomes.Where(o => o.Step == step))}");
        if (faults.Count > 0)
            throw new InvalidOperationException(
                $"Kinds that ONNX Runtime itself refuses are faults of the "
                    + $"generator:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}"
            );
        (int right, int all) = Count(outcomes);
        Console.WriteLine($"{outcomes.Select(o => o.Model).Distinct().Count()} kinds, {right} of {all} steps end as they should");
        return (double)right / all;

        static string Right(IEnumerable<UnseenOutcome> some) => Count(some) is (var right, var all) ? $"{right} of {all}" : "";

        static (int Right, int All) Count(IEnumerable<UnseenOutcome> some)
        {
            UnseenOutcome[] tried = [.. some.Where(o => o.IsRight is not null)];
            return (tried.Count(o => o.IsRight == true), tried.Length);
        }
    }
}
