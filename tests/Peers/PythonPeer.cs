using System.Diagnostics;
using System.Globalization;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers;

/// <summary>
/// A Python script of tests/Peers/Python that answers lines with lines, so that its steps and ours take turns on the same machine in the
/// same minute.
/// </summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process _process;

    /// <param name="script">The script's file name.</param>
    /// <param name="arguments">Its arguments.</param>
    public PythonPeer(string script, params string[] arguments)
    {
        // Debian's interpreter: the one that python3-torch belongs to.
        var start = new ProcessStartInfo(
            "/usr/bin/python3",
            [Path.Combine(SharedData.RepositoryRoot, "tests", "Peers", "Python", script), .. arguments]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
    }

    /// <summary>Sends a line and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The script ended; its own message stands above.</exception>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The peer ended at '{line}'. Its packages come with `bash tests/Peers/run setup`.");
    }

    /// <summary>Sends a line whose answer is a number.</summary>
    public double AskNumber(string line) => double.Parse(Ask(line), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
            _process.Kill();
        _process.Dispose();
    }
}
