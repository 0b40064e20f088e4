using System.Runtime.InteropServices;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool;

/// <summary>The process.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var interruption = new Interruption();
        // A file beyond the limit of a shell (ulimit -f) is an error then, not the end without a word: the signal SIGXFSZ.
        using PosixSignalRegistration? limit = OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create((PosixSignal)25, context => context.Cancel = true);
        return await CommandLine.RunAsync(arguments, Terminal.OfProcess(), interruption.Token).ConfigureAwait(false);
    }
}
