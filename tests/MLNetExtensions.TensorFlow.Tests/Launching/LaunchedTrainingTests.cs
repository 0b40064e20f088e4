using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.TestData;

namespace MLNetExtensions.TensorFlow.Tests.Launching;

/// <summary>Two processes that train together, one of which dies.</summary>
public sealed class LaunchedTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, false)] // no worker dies
    [InlineData(2, false)] // one does in epoch 2, and both start again
    [InlineData(2, true)] // and the other goes on alone
    public async Task Training_goes_on_from_the_last_checkpoint_and_gives_the_network_of_one_process(int crashEpoch, bool drop)
    {
        const int epochs = 4;
        string alone = Path.Combine(_folder.Path, "alone"),
            together = Path.Combine(_folder.Path, "together");
        WorkerApp.Training.Run(alone, null, epochs, crashEpoch: 0);

        var output = new StringWriter();
        var error = new StringWriter();
        TensorFlowLaunchResult result = await TensorFlowLauncher.RunAsync(
            new TensorFlowLauncherOptions
            {
                FileName = "dotnet",
                Arguments = [Program, "train", together, $"{epochs}", $"{crashEpoch}"],
                MaxRestarts = 1,
                DropFailedWorkers = drop,
                Output = output,
                Error = error,
            },
            TestContext.Current.CancellationToken
        );
        Assert.True(result.Succeeded, $"{output}\n{error}");
        Assert.Equal(crashEpoch > 0 ? 2 : 1, result.Attempts.Count);
        Assert.Equal(drop ? 1 : 2, result.Attempts[^1].Count);
        int before = crashEpoch > 0 ? 1 : 0;
        for (int worker = 0; worker < result.Attempts[^1].Count; worker++)
            Assert.Matches(
                $@"(?m)^\[{worker}\] process \d+ begins after epoch {before} as worker {worker} of {result.Attempts[^1].Count}",
                output.ToString()
            );

        IReadOnlyDictionary<string, OnnxTensor> expected = OnnxGraph.Load(Path.Combine(alone, "model.onnx")).Initializers,
            actual = OnnxGraph.Load(Path.Combine(together, "model.onnx")).Initializers;
        Assert.All(
            expected.Where(e => e.Value.ElementType == OnnxElementType.Float),
            e => Assert.Equal(e.Value.ToFloats(), actual[e.Key].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-4f)
        );
    }

    [Fact]
    public async Task Workers_end_when_their_launcher_is_killed()
    {
        using Process launcher = Process.Start(
            new ProcessStartInfo("dotnet", [Program, "launch", _folder.Path, "2"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _ = launcher.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var workers = new List<int>();
        while (workers.Count < 2 && await launcher.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (Regex.Match(line, @"process (\d+) begins") is { Success: true } match)
                workers.Add(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Equal(2, workers.Count);
        launcher.Kill();
        await LauncherTests.Gone(workers);
    }

    private static string Program
    {
        get
        {
            string? configuration = typeof(LaunchedTrainingTests)
                .Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()
                ?.Configuration;
            return Path.Combine(
                SharedData.RepositoryRoot,
                "tests",
                "WorkerApp",
                "bin",
                configuration ?? "Debug",
                "net10.0",
                "WorkerApp.dll"
            );
        }
    }
}
