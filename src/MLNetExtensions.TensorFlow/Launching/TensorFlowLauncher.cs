using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MLNetExtensions.TensorFlow.Cluster;

namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>
/// Starts several copies of a program on this machine that train together: each finds its place in TF_CONFIG
/// (<see cref="TensorFlowCluster.FromEnvironment"/>), on free ports. If one fails, all are stopped and restarted, to
/// resume from the last checkpoint. No worker is left behind: they are killed on cancellation, and exit by themselves when the launching
/// program has ended for any reason, as long as they called <see cref="TensorFlowCluster.FromEnvironment"/> or
/// <see cref="TensorFlowRuntime.Create"/>.
/// </summary>
/// <remarks>The workers reach each other as 127.0.0.1, but TensorFlow's servers listen on all interfaces of the machine, and ask nobody who
/// they are: where others can reach it, its firewall must keep them out.</remarks>
public static class TensorFlowLauncher
{
    /// <summary>The environment variable that gives a worker the number of earlier starts.</summary>
    public const string AttemptVariable = "MLNETX_ATTEMPT";

    /// <summary>The number of earlier starts of the workers: 0 in the first start, and in a program that no launcher started.</summary>
    public static int Attempt =>
        int.TryParse(Environment.GetEnvironmentVariable(AttemptVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int attempt)
            ? attempt
            : 0;

    /// <summary>Runs the workers until all have exited successfully, or the restarts are used up.</summary>
    /// <param name="options">The options, which are copied; null starts two copies of this program.</param>
    /// <param name="cancellationToken">Stops all workers.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was canceled; all workers have been stopped.</exception>
    public static async Task<TensorFlowLaunchResult> RunAsync(
        TensorFlowLauncherOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options = (options ?? new TensorFlowLauncherOptions()).Copy();
        var attempts = new List<IReadOnlyList<TensorFlowWorkerExit>>();
        for (int workers = options.Workers; ; )
        {
            IReadOnlyList<TensorFlowWorkerExit> exits = await RunOnce(options, workers, attempts.Count, cancellationToken)
                .ConfigureAwait(false);
            attempts.Add(exits);
            var result = new TensorFlowLaunchResult(attempts);
            if (result.Succeeded || attempts.Count > options.MaxRestarts)
                return result;
            TensorFlowWorkerExit[] failed = [.. exits.Where(e => e.ExitCode != 0 && !e.WasStopped)];
            if (options.DropFailedWorkers)
                workers = Math.Max(1, workers - failed.Length);
            await options
                .Error.WriteLineAsync(
                    $"{string.Join(", ", failed.Select(e => $"worker {e.Rank} ended with {e.ExitCode}"))}: start {attempts.Count + 1} "
                        + $"of at most {options.MaxRestarts + 1}, {workers} workers"
                )
                .ConfigureAwait(false);
        }
    }

    /// <summary>Starts all workers, and ends those that are left when one fails.</summary>
    private static async Task<IReadOnlyList<TensorFlowWorkerExit>> RunOnce(
        TensorFlowLauncherOptions options,
        int count,
        int attempt,
        CancellationToken cancellationToken
    )
    {
        string[] addresses = FreeAddresses.Find(count);
        if (attempt == 0)
            await options
                .Error.WriteLineAsync(
                    $"TensorFlow listens on the ports {string.Join(", ", addresses.Select(a => a[(a.LastIndexOf(':') + 1)..]))} of all "
                        + "interfaces, without authentication: where others can reach this machine, keep them out with its firewall."
                )
                .ConfigureAwait(false);
        var workers = new List<LocalWorker>();
        try
        {
            for (int i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                workers.Add(LocalWorker.Start(StartInfo(options, addresses, i, attempt), i, options));
            }
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            for (var running = new List<LocalWorker>(workers); running.Count > 0; )
            {
                Task first = await Task.WhenAny(running.Select(w => w.Exited)).WaitAsync(limit.Token).ConfigureAwait(false);
                LocalWorker ended = running.First(w => w.Exited == first);
                running.Remove(ended);
                if (ended.ExitCode != 0)
                    break;
                limit.CancelAfter(options.FinishTimeout);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Some ended well and others did not end: they are stopped, which is a failure.
        }
        finally
        {
            workers.ForEach(w => w.Stop());
            await Task.WhenAll(workers.Select(w => w.End())).ConfigureAwait(false);
        }
        return [.. workers.Select((worker, i) => new TensorFlowWorkerExit(i, worker.ExitCode, worker.WasStopped))];
    }

    private static ProcessStartInfo StartInfo(TensorFlowLauncherOptions options, string[] addresses, int index, int attempt)
    {
        string program =
            options.FileName
            ?? Environment.ProcessPath
            ?? throw new InvalidOperationException($"This program's file is not known; set {nameof(options.FileName)}.");
        string[] own = options.FileName is not null ? [] : Environment.GetCommandLineArgs();
        // "dotnet app.dll" runs as dotnet, with the library first; an application's own file needs no such argument.
        bool isHost =
            options.FileName is null && Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(program, [.. isHost ? own.Take(1) : [], .. options.Arguments ?? [.. own.Skip(1)]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = options.WorkingFolder ?? "",
        };
        // Unless the user wants them: TensorFlow's warnings about runs that have ended come by the hundred.
        start.Environment.TryAdd("TF_CPP_MIN_LOG_LEVEL", "2");
        foreach ((string name, string value) in options.Environment)
            start.Environment[name] = value;
        start.Environment[TensorFlowCluster.EnvironmentVariable] = JsonSerializer.Serialize(
            new TensorFlowConfiguration(new(addresses), new("worker", index)),
            TensorFlowConfigurationJson.Default.TensorFlowConfiguration
        );
        start.Environment[AttemptVariable] = attempt.ToString(CultureInfo.InvariantCulture);
        start.Environment[LauncherGuard.Variable] = addresses.Length.ToString(CultureInfo.InvariantCulture);
        return start;
    }
}
