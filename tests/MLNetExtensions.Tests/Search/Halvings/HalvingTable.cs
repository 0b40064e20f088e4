using System.Text.Json;
using MLNetExtensions.Search.Halvings;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Tests.Search.Halvings;

/// <summary>A table of results of trials at rungs, on which a halving is played through as workers would.</summary>
/// <param name="results">The results by trial and rung; NaN where a trial fails.</param>
/// <param name="resources">The epochs of each rung.</param>
internal sealed class HalvingTable(double[][] results, int[] resources)
{
    /// <summary>The epochs of the golden table's last rung.</summary>
    public const int LastRung = 27;

    public IReadOnlyList<double[]> Results => results;

    /// <summary>The same rungs with other results.</summary>
    public HalvingTable With(double[][] others) => new(others, resources);

    /// <summary>The table of tests/Golden/tuning/asha_27x4.json.</summary>
    public static HalvingTable Golden(JsonElement golden) =>
        new(ResultsOf(golden), [.. golden.GetProperty("resources").EnumerateArray().Select(n => n.GetInt32())]);

    public static JsonElement Read() => JsonDocument.Parse(File.ReadAllBytes(GoldenFiles.PathOf("tuning", "asha_27x4.json"))).RootElement;

    /// <summary>Plays a halving through: jobs last as long as the resources that they add, and whoever is free takes the next.</summary>
    public Played Play(HalvingState halving, int workers)
    {
        List<int[]> starts = [];
        var running = new PriorityQueue<(int Trial, int Rung), (int Time, int Order)>();
        int time = 0,
            begun = 0,
            cost = 0;
        while (true)
        {
            while (running.Count < workers)
            {
                (int Trial, int Rung)? next = halving.Next();
                next ??= begun < results.Length ? (begun++, 0) : null;
                if (next is null && running.Count == 0)
                    next = halving.NextAtTheEnd();
                if (next is not { } job)
                    break;
                halving.Begin(job.Trial, job.Rung);
                int added = resources[job.Rung] - (job.Rung == 0 ? 0 : resources[job.Rung - 1]);
                cost += added;
                starts.Add([time, job.Trial, job.Rung]);
                running.Enqueue(job, (time + added, starts.Count));
            }
            if (running.Count == 0)
                break;
            // What ends at one time ends in the order in which it began, and whoever is free takes the next at once.
            running.TryDequeue(out (int Trial, int Rung) done, out (int Time, int Order) end);
            time = end.Time;
            halving.Report(done.Trial, done.Rung, results[done.Trial][done.Rung]);
        }
        int last = resources.Length - 1;
        (int Trial, double Value) best = starts
            .Where(start => start[2] == last)
            .Select(start => (start[1], results[start[1]][last]))
            .DefaultIfEmpty((-1, double.NaN))
            .MaxBy(one => one.Item2);
        return new Played(starts, cost, time, best.Trial, best.Value);
    }

    private static double[][] ResultsOf(JsonElement golden)
    {
        JsonElement table = golden.GetProperty("table");
        double[] data =
        [
            .. table.GetProperty("data").EnumerateArray().Select(x => x.ValueKind == JsonValueKind.Null ? double.NaN : x.GetDouble()),
        ];
        return [.. data.Chunk(table.GetProperty("shape")[1].GetInt32())];
    }

    /// <param name="Starts">The time, the trial and the rung of each job, in the order of their beginnings.</param>
    /// <param name="Cost">The resources used in all.</param>
    /// <param name="Makespan">The time at which the last job ended.</param>
    /// <param name="Best">The best trial of the last rung.</param>
    /// <param name="Value">Its result.</param>
    public sealed record Played(IReadOnlyList<int[]> Starts, int Cost, int Makespan, int Best, double Value);
}
