using System.Diagnostics;

namespace MLNetExtensions.Tool.Tests;

/// <summary>The tool as a process.</summary>
internal static class ToolProcess
{
    /// <summary>The tool as it was built beside this program.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "mlnetx.dll");

    /// <summary>Waits for a process, with what it wrote.</summary>
    public static async Task<CommandResult> End(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(),
            errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return new CommandResult(process.ExitCode, await output, await errors);
    }
}
