using System.Diagnostics;
using MLNetExtensions.Tool.Invocation;
using Xunit;

namespace MLNetExtensions.Tool.Tests;

/// <summary>Runs command lines: in this process, or as a process where it matters.</summary>
internal static class Mlnetx
{
    /// <summary>Runs a command line in this process.</summary>
    public static async Task<CommandResult> Run(params string[] arguments) => await Run(CancellationToken.None, arguments);

    /// <summary>Runs a command line in this process, until a token cancels it.</summary>
    public static async Task<CommandResult> Run(CancellationToken cancellation, params string[] arguments)
    {
        arguments = WithSmallBackbone(arguments);
        using StringWriter output = new(),
            error = new();
        var terminal = new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(error));
        // On another thread: a verb does not return before its work is done.
        int exitCode = await Task.Run(() => CommandLine.RunAsync(arguments, terminal, cancellation), CancellationToken.None);
        return new CommandResult(exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>Runs a command line that must succeed.</summary>
    public static async Task<CommandResult> Succeed(params string[] arguments)
    {
        CommandResult result = await Run(arguments);
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}\n{result.Out}\n{result.Error}");
        return result;
    }

    /// <summary>A run on the small backbone, where the test does not say which: tests are not about accuracy on photos.</summary>
    private static string[] WithSmallBackbone(string[] arguments) =>
        arguments is ["train", ..] && !arguments.Any(argument => argument is "--backbone" or "--config" or "--resume")
            ? [.. arguments, "--backbone", "cifarnet_cifar10"]
            : arguments;

    /// <summary>Starts a command line as a process. A variable with the value null is taken away.</summary>
    public static Process Start(IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        // A shell's background jobs, and what they start, ignore Ctrl-C: env takes that back.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], ToolProcess.Program, .. WithSmallBackbone(arguments)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
