using System.Diagnostics;

namespace MLNetExtensions.Faults.Kills;

/// <summary>A <see cref="KillWorker"/> as a process.</summary>
internal sealed class KillProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <param name="kind">The work.</param>
    /// <param name="place">Where.</param>
    /// <param name="once">True for work that is done once, also where its kind repeats it.</param>
    /// <param name="shell">A command of the shell before the program; empty for none.</param>
    public KillProcess(IKillKind kind, KillPlace place, bool once = false, string shell = "")
    {
        string[] program = [Environment.ProcessPath!];
        if (Path.GetFileNameWithoutExtension(program[0]) == "dotnet")
            program = [program[0], Environment.GetCommandLineArgs()[0]];
        string[] before = shell.Length == 0 ? [] : ["/bin/sh", "-c", $"{shell}; exec \"$@\"", "sh"];
        program = [.. before, .. program];
        var start = new ProcessStartInfo(
            program[0],
            [
                .. program[1..],
                KillWorker.Verb,
                kind.Name,
                place.Folder,
                place.Photos,
                place.Server,
                .. once ? ["once"] : Array.Empty<string>(),
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Killed, it would leave the sockets of .NET's diagnostics in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Waits until it begins.</summary>
    public void WaitForBegin()
    {
        if (_process.StandardOutput.ReadLine() != KillWorker.Begins)
            throw new InvalidOperationException($"The worker did not begin: {_errors.GetAwaiter().GetResult()}");
    }

    /// <summary>Kills it after a time.</summary>
    /// <returns>True if it was at work; false if it had ended.</returns>
    public bool Kill(TimeSpan after)
    {
        WaitForBegin();
        if (_process.WaitForExit(after))
        {
            (int code, _, string error) = Outcome();
            return code == 0 || IsLockedOut(error) ? false : throw new InvalidOperationException($"The worker ended with {code}: {error}");
        }
        _process.Kill();
        _process.WaitForExit();
        return true;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The result.</returns>
    public string End()
    {
        string output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return _process.ExitCode == 0
            ? output.Trim().Split('\n')[^1]
            : throw new InvalidOperationException($"The worker ended with {_process.ExitCode}: {_errors.GetAwaiter().GetResult()}");
    }

    /// <summary>Waits for the end of a process that worked in the same folder as one that was killed.</summary>
    /// <param name="expected">The result of one that worked alone.</param>
    /// <param name="repeats">True if it does not end by itself.</param>
    /// <returns>What was wrong with it; null if it was right, or said that the folder is in use.</returns>
    public string? EndBeside(string expected, bool repeats)
    {
        if (repeats)
        {
            bool atWork = Kill(TimeSpan.Zero);
            return atWork ? null : $"beside another process it ended: {_errors.GetAwaiter().GetResult()}";
        }
        WaitForBegin();
        string output = _process.StandardOutput.ReadToEnd().Trim();
        _process.WaitForExit();
        string errors = _errors.GetAwaiter().GetResult();
        return output == expected || IsLockedOut(errors) ? null : $"beside another process the result is {output}: {errors}";
    }

    // Of two runs in one folder, the second is told so.
    private static bool IsLockedOut(string error) => error.Contains("in use by a run that has not ended", StringComparison.Ordinal);

    /// <summary>True if the work began; known after <see cref="Outcome"/>.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Waits for the end, whatever it is.</summary>
    /// <returns>The exit code, the result, and the last line of the error stream.</returns>
    public (int Code, string Result, string Error) Outcome()
    {
        string[] lines = _process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _process.WaitForExit();
        HasBegun = lines.Contains(KillWorker.Begins);
        string[] errors = _errors.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (_process.ExitCode, lines.LastOrDefault() ?? "", errors.LastOrDefault() ?? "");
    }

    public void Dispose() => _process.Dispose();
}
