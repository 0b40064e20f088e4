using System.Diagnostics;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Invocation;

/// <summary>What only a process shows: exit codes, Ctrl-C, pipes, two at once.</summary>
[Collection(Alone.Name)]
public sealed class ProcessTests
{
    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "--version")]
    [InlineData(0, "train", "--help-all")]
    [InlineData(2, "train", "no-such-folder")]
    [InlineData(2, "--no-such-option")]
    public async Task The_exit_code_is_the_documented_one(int expected, params string[] arguments)
    {
        using Process process = Mlnetx.Start(null, arguments);

        CommandResult result = await ToolProcess.End(process);

        Assert.True(expected == result.ExitCode, result.Out + result.Error);
    }

    [Fact]
    public async Task Help_needs_no_other_assembly_than_the_parser()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in new[] { "mlnetx.dll", "mlnetx.runtimeconfig.json", "System.CommandLine.dll" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, file), Path.Combine(folder.Path, file));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder.Path, "mlnetx.dll"), "train", "--help"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;

        CommandResult result = await ToolProcess.End(process);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("--backbone", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("--gradient-accumulation", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_keeps_the_best_model_and_is_exit_code_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var photos = new ColorFolders(10);
        string run = Path.Combine(photos.At("runs"), "train1");
        using Process process = Mlnetx.Start(
            null,
            ["train", photos.Path, "--runs", photos.At("runs"), "--layers", "all", "--freeze-epochs", "2", "--epochs", "3000"]
        );
        Task<CommandResult> ended = ToolProcess.End(process);
        using (var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2)))
            while (!File.Exists(Path.Combine(run, "checkpoints", "best.ckpt")))
                await Task.Delay(50, patience.Token);

        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        CommandResult result = await ended;

        Assert.True(result.ExitCode == 130, $"{result.ExitCode}: {result.Out}{result.Error}");
        Assert.True(File.Exists(Path.Combine(run, "model.zip")));
        Assert.EndsWith("train1", result.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_run_resumes()
    {
        using var photos = new ColorFolders(10);
        string runs = photos.At("runs"),
            run = Path.Combine(runs, "train1");
        using (
            Process process = Mlnetx.Start(
                null,
                ["train", photos.Path, "--runs", runs, "--layers", "all", "--freeze-epochs", "2", "--epochs", "3000"]
            )
        )
        {
            Task<CommandResult> ended = ToolProcess.End(process);
            using (var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2)))
                while (!File.Exists(Path.Combine(run, "checkpoints", "last.ckpt")))
                    await Task.Delay(50, patience.Token);
            process.Kill();
            await ended;
        }

        CommandResult list = await Mlnetx.Succeed("runs", "list", "--runs", runs),
            resumed = await Mlnetx.Succeed("train", "--resume", "--runs", runs, "--time", "1s");

        Assert.Contains("broken off", list.Out, StringComparison.Ordinal);
        Assert.EndsWith("train1", resumed.LastLine, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(run, "model.zip")));
    }

    [Fact]
    public async Task Two_runs_at_once_get_two_folders()
    {
        using var photos = new ColorFolders(8);
        string[] command = ["train", photos.Path, "--runs", photos.At("runs"), "--epochs", "3", "--no-report"];
        using Process first = Mlnetx.Start(null, command),
            second = Mlnetx.Start(null, command);

        CommandResult[] results = await Task.WhenAll(ToolProcess.End(first), ToolProcess.End(second));

        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Error));
        Assert.Equal(["train1", "train2"], results.Select(result => Path.GetFileName(result.LastLine)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Piped_output_is_plain_lines()
    {
        using var photos = new ColorFolders(8);
        using Process process = Mlnetx.Start(null, ["train", photos.Path, "--runs", photos.At("runs"), "--epochs", "3"]);

        CommandResult result = await ToolProcess.End(process);

        Assert.DoesNotContain('\u001b', result.Out);
        Assert.DoesNotContain('\r', result.Out.Replace("\r\n", "\n", StringComparison.Ordinal));
        Assert.Contains("head: epoch 3 of 3 done", result.Out, StringComparison.Ordinal);
    }
}
