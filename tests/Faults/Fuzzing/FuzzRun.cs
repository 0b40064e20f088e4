using System.Diagnostics;
using System.Globalization;

namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>Runs a format's inputs in workers: one that ends at an input is followed by another, behind that input.</summary>
internal sealed class FuzzRun(IFuzzFormat format, string folder, string[] files, Action<long, string> found)
{
    /// <summary>The number of inputs that were read or refused, findings among them.</summary>
    public long Executions { get; private set; }

    public long Findings { get; private set; }

    public void Run(long first, long count, TimeSpan time)
    {
        long end = first + count;
        var clock = Stopwatch.StartNew();
        while (first < end && clock.Elapsed < time)
        {
            long reached = Work(first, end - first, time - clock.Elapsed);
            if (reached == long.MaxValue)
                return;
            first = reached + 1;
        }
    }

    /// <returns>The seed that ended the worker; <see cref="long.MaxValue"/> if it came to its end.</returns>
    private long Work(long first, long count, TimeSpan time)
    {
        using var progress = new FuzzProgress(FuzzWorker.ProgressFile(folder)) { Seed = -1, Executions = 0 };
        using Process worker = Start(first, count, time);
        string? end = Watch(worker, progress);
        worker.WaitForExit();
        Executions += progress.Executions;
        long seed = progress.Seed;
        if (end is null && worker.ExitCode == 0)
            return long.MaxValue;
        if (seed is < 0 or long.MaxValue)
            throw new InvalidOperationException(
                $"The worker of {format.Name} ended before its first input, or after its last: exit code {worker.ExitCode}."
            );
        Executions++;
        Found(seed, end ?? $"crash, exit code {worker.ExitCode}");
        return seed;
    }

    private Process Start(long first, long count, TimeSpan time)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (
            string argument in (IEnumerable<string>)
                [
                    FuzzWorker.Verb,
                    format.Name,
                    first.ToString(CultureInfo.InvariantCulture),
                    count.ToString(CultureInfo.InvariantCulture),
                    time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                    folder,
                    .. files,
                ]
        )
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_GCHeapHardLimit"] = FuzzLimits.Heap.ToString("X", CultureInfo.InvariantCulture);
        // A crash is a finding, not a file of the whole memory.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        // A process that is killed leaves the sockets of .NET's diagnostics.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        Process worker = Process.Start(start)!;
        worker.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Split('\t', 2) is [var seed, var words] && long.TryParse(seed, CultureInfo.InvariantCulture, out long number))
                Found(number, words);
        };
        worker.BeginOutputReadLine();
        return worker;
    }

    /// <returns>The reason why the worker was ended; null if it ended by itself.</returns>
    private static string? Watch(Process worker, FuzzProgress progress)
    {
        long seed = -1,
            resident = 0;
        var atSeed = Stopwatch.StartNew();
        while (!worker.WaitForExit(50))
        {
            worker.Refresh();
            long now = worker.HasExited ? 0 : worker.WorkingSet64;
            if (progress.Seed != seed || seed < 0)
            {
                (seed, resident) = (progress.Seed, now);
                atSeed.Restart();
                continue;
            }
            string? reason =
                atSeed.Elapsed > FuzzLimits.Time ? $"hang over {FuzzLimits.Time.TotalSeconds} s"
                : now - resident > FuzzLimits.Resident ? $"grows by {(now - resident) >> 20} MB"
                : null;
            if (reason is null || seed == long.MaxValue)
                continue;
            worker.Kill();
            return reason;
        }
        return null;
    }

    private void Found(long seed, string words)
    {
        Findings++;
        found(seed, words);
    }
}
