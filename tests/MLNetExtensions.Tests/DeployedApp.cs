using System.Diagnostics;
using System.Reflection;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests;

/// <summary>Programs that load models as a deployed application does: LoaderApp, SavedStepsApp.</summary>
internal static class DeployedApp
{
    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>The lines that it writes.</returns>
    public static async Task<string[]> Run(string app, IEnumerable<string> arguments)
    {
        (int exitCode, string output, string errors) = await Start(app, arguments);
        Assert.True(exitCode == 0, errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs a program.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Start(string app, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [PathOf(app), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>The program's file.</summary>
    public static string PathOf(string app)
    {
        string? configuration = typeof(DeployedApp).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration;
        return Path.Combine(SharedData.RepositoryRoot, "tests", app, "bin", configuration ?? "Debug", "net10.0", app + ".dll");
    }
}
