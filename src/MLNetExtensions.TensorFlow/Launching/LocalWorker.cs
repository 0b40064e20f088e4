using System.Diagnostics;

namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>One process of a launch, whose lines are passed on.</summary>
internal sealed class LocalWorker
{
    /// <summary>The time to wait for the last lines after a process has ended; a child process may still hold the stream.</summary>
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(5);

    /// <summary>The time to wait for a killed process to exit.</summary>
    private static readonly TimeSpan Killing = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task _lines;

    private LocalWorker(Process process, int index, TensorFlowLauncherOptions options)
    {
        _process = process;
        Exited = WaitForExit();
        _lines = Task.WhenAll(Pass(process.StandardOutput, options.Output, index), Pass(process.StandardError, options.Error, index));
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task Exited { get; }

    /// <summary>The exit code, once the process has ended.</summary>
    public int ExitCode { get; private set; }

    /// <summary>True if <see cref="Stop"/> ended the process.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>Starts a process; its standard input stays open as long as this process lives, which tells it that it does.</summary>
    public static LocalWorker Start(ProcessStartInfo start, int index, TensorFlowLauncherOptions options) =>
        new(Process.Start(start)!, index, options);

    /// <summary>Kills the process and those that it started, where it has not ended.</summary>
    public void Stop()
    {
        if (_process.HasExited)
            return;
        WasStopped = true;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            WasStopped = false;
        }
    }

    /// <summary>Waits for the end and the last lines.</summary>
    public async Task End()
    {
        await Exited.WaitAsync(Killing).ConfigureAwait(false);
        await Task.WhenAny(_lines, Task.Delay(LastLines)).ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task WaitForExit()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        ExitCode = _process.ExitCode;
    }

    private static async Task Pass(StreamReader lines, TextWriter writer, int index)
    {
        while (await lines.ReadLineAsync().ConfigureAwait(false) is { } line)
            lock (writer)
                writer.WriteLine($"[{index}] {line}");
    }
}
