using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace MLNetExtensions.TestData;

/// <summary>A program of samples/, run as a newcomer runs it.</summary>
internal static class SampleProgram
{
    /// <returns>All that it wrote.</returns>
    public static async Task<string> Run(string sample, int expectedExit, params string[] arguments)
    {
        string? configuration = typeof(SampleProgram).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration;
        string program = Path.Combine(
            SharedData.RepositoryRoot,
            "samples",
            sample,
            "bin",
            configuration ?? "Debug",
            "net10.0",
            $"{sample}.dll"
        );
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(),
            errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        string all = await output + await errors;
        Assert.True(process.ExitCode == expectedExit, all);
        return all;
    }
}
