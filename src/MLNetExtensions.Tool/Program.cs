using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool;

/// <summary>The process.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var interruption = new Interruption();
        return await CommandLine.RunAsync(arguments, Terminal.OfProcess(), interruption.Token).ConfigureAwait(false);
    }
}
