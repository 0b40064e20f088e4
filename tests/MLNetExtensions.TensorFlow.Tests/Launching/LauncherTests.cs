using System.Diagnostics;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;

namespace MLNetExtensions.TensorFlow.Tests.Launching;

/// <summary>The launcher with small shell scripts as workers.</summary>
[NeedsNothing]
public class LauncherTests
{
    private readonly StringWriter _output = new(),
        _error = new();

    public LauncherTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "the workers are shell scripts");

    [Fact]
    public async Task Workers_get_their_places_and_their_lines_get_their_numbers()
    {
        TensorFlowLauncherOptions options = Script("echo \"$TF_CONFIG\"; echo $EXTRA $MLNETX_ATTEMPT; echo broken >&2", workers: 3);
        options.Environment = new Dictionary<string, string> { ["EXTRA"] = "more" };
        TensorFlowLaunchResult result = await TensorFlowLauncher.RunAsync(options, TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded);
        Assert.Equal([new(0, 0, false), new(1, 0, false), new(2, 0, false)], Assert.Single(result.Attempts));
        string[] lines = [.. Lines(_output).Order()];
        Assert.Equal(6, lines.Length);
        TensorFlowCluster[] places =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i => TensorFlowCluster.Parse(lines.Single(l => l.StartsWith($"[{i}] {{", StringComparison.Ordinal))[4..])),
        ];
        Assert.Equal([0, 1, 2], places.Select(p => p.Index));
        Assert.All(places, p => Assert.Equal(places[0].Workers, p.Workers));
        Assert.Equal(3, places[0].Workers.Distinct().Count(w => w.StartsWith("127.0.0.1:", StringComparison.Ordinal)));
        Assert.Contains("[2] more 0", lines);
        Assert.Equal(["[0] broken", "[1] broken", "[2] broken"], Messages().Order());
    }

    [Fact]
    public async Task The_ports_that_TensorFlow_opens_to_all_are_named()
    {
        await TensorFlowLauncher.RunAsync(Script("echo \"$TF_CONFIG\""), TestContext.Current.CancellationToken);

        TensorFlowCluster cluster = TensorFlowCluster.Parse(Lines(_output)[0][4..]);
        string warning = Assert.Single(
            Lines(_error),
            line => line.Contains("all interfaces, without authentication", StringComparison.Ordinal)
        );
        Assert.All(cluster.Workers, worker => Assert.Contains(worker.Split(':')[1], warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_fails_ends_the_others_and_all_start_again()
    {
        // In the first attempts worker 1 fails and worker 0 would go on for long.
        TensorFlowLauncherOptions options = Script(
            "case \"$MLNETX_ATTEMPT $TF_CONFIG\" in 2*) exit 0;; *'\"index\":1'*) exit 3;; esac; sleep 1000 & echo $!; wait"
        );
        TensorFlowLaunchResult result = await TensorFlowLauncher.RunAsync(options, TestContext.Current.CancellationToken);
        Assert.Equal(3, result.Attempts.Count);
        Assert.Equal((true, 0), (result.Succeeded, result.ExitCode));
        Assert.All(
            result.Attempts.Take(2),
            attempt => Assert.Equal((new TensorFlowWorkerExit(1, 3, false), true), (attempt[1], attempt[0].WasStopped))
        );
        Assert.Contains("worker 1 ended with 3: start 2 of at most 4, 2 workers", Messages());
        // What workers started is gone with them.
        await Gone(Lines(_output).Select(line => int.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task After_the_last_restart_the_launch_has_failed()
    {
        TensorFlowLauncherOptions options = Script("case \"$TF_CONFIG\" in *'\"index\":1'*) exit 7;; esac; exec sleep 1000");
        (options.MaxRestarts, options.DropFailedWorkers) = (1, true);
        using var cancel = new CancellationTokenSource();
        Task<TensorFlowLaunchResult> launch = TensorFlowLauncher.RunAsync(options, cancel.Token);
        // The second start does without worker 1, and its only worker goes on.
        await Until(() => Messages().Length > 0, launch);
        Assert.Equal(["worker 1 ended with 7: start 2 of at most 2, 1 workers"], Messages());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => launch);

        options = Script("exit 7");
        options.MaxRestarts = 1;
        TensorFlowLaunchResult result = await TensorFlowLauncher.RunAsync(options, TestContext.Current.CancellationToken);
        Assert.Equal((false, 7, 2), (result.Succeeded, result.ExitCode, result.Attempts.Count));
    }

    [Fact]
    public async Task One_that_does_not_end_when_another_has_is_stopped()
    {
        TensorFlowLauncherOptions options = Script("case \"$TF_CONFIG\" in *'\"index\":1'*) exit 0;; esac; exec sleep 1000");
        (options.MaxRestarts, options.FinishTimeout) = (0, TimeSpan.FromMilliseconds(300));
        TensorFlowLaunchResult result = await TensorFlowLauncher.RunAsync(options, TestContext.Current.CancellationToken);
        Assert.Equal((false, 1, true), (result.Succeeded, result.ExitCode, result.Attempts[0][0].WasStopped));
    }

    [Fact]
    public async Task Canceling_ends_all_workers()
    {
        using var cancel = new CancellationTokenSource();
        Task<TensorFlowLaunchResult> launch = TensorFlowLauncher.RunAsync(Script("echo $$; exec sleep 1000"), cancel.Token);
        await Until(() => Lines(_output).Length == 2, launch);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => launch);
        await Gone(Lines(_output).Select(line => int.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Wrong_options_and_programs_that_are_not_there_are_errors()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            TensorFlowLauncher.RunAsync(new TensorFlowLauncherOptions { Workers = 0 })
        );
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            TensorFlowLauncher.RunAsync(new TensorFlowLauncherOptions { MaxRestarts = -1 })
        );
        await Assert.ThrowsAsync<System.ComponentModel.Win32Exception>(() =>
            TensorFlowLauncher.RunAsync(new TensorFlowLauncherOptions { FileName = "/no/such/program" })
        );
    }

    private TensorFlowLauncherOptions Script(string script, int workers = 2) =>
        new()
        {
            Workers = workers,
            FileName = "/bin/sh",
            Arguments = ["-c", script],
            Output = _output,
            Error = _error,
        };

    /// <summary>The lines of the error stream after the first, which names the ports.</summary>
    private string[] Messages() => [.. Lines(_error).Skip(1)];

    private static string[] Lines(StringWriter writer)
    {
        lock (writer)
            return writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Waits for something that a launch does, as long as it runs.</summary>
    private static async Task Until(Func<bool> happened, Task launch)
    {
        var waited = Stopwatch.StartNew();
        while (!happened())
        {
            Assert.False(launch.IsCompleted || waited.Elapsed > TimeSpan.FromMinutes(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    internal static async Task Gone(IEnumerable<int> processes)
    {
        foreach (int id in processes)
        {
            try
            {
                using Process process = Process.GetProcessById(id);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
            }
            catch (ArgumentException)
            {
                // It is gone already.
            }
        }
    }
}
