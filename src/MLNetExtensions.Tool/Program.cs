using System.Runtime.InteropServices;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool;

/// <summary>The process.</summary>
internal static class Program
{
    // For the life of the process: a file beyond the limit of a shell (ulimit -f) is an error then, not the end without a word by SIGXFSZ.
    private static readonly PosixSignalRegistration? FileLimit = OperatingSystem.IsWindows()
        ? null
        : PosixSignalRegistration.Create((PosixSignal)25, context => context.Cancel = true);

    private static async Task<int> Main(string[] arguments)
    {
        // A field is made when it is first read.
        GC.KeepAlive(FileLimit);
        using var interruption = new Interruption();
        return await CommandLine.RunAsync(arguments, Terminal.OfProcess(), interruption.Token).ConfigureAwait(false);
    }
}
