using System.Diagnostics;
using System.Reflection;
using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Scoring.ScoreOnnx;
using Xunit;

namespace MLNetExtensions.Tests.Files;

public sealed class TemporaryNameTests : IDisposable
{
    private readonly TestData.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_process_leaves_a_file_that_the_next_save_sweeps()
    {
        string model = Path.Combine(_folder.Path, "model.onnx"),
            temporary = Directory.CreateDirectory(Path.Combine(_folder.Path, "temporary")).FullName;
        Large().Save(model);
        await Crash(model, temporary);
        string left = Assert.Single(Directory.GetFiles(temporary, "*.tmp"));

        var ml = new MLContext { TempFilePath = temporary };
        IDataView view = ml.Data.LoadFromEnumerable([new ScoreOnnxTensorTests.Row { A = [1, 2, 3] }]);
        using ScoreOnnxTransformer scorer = ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = model, Inputs = [new OnnxInput { ColumnName = "A" }] })
            .Fit(view);
        ml.Model.Save(scorer, view.Schema, Stream.Null);

        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Only_what_dead_processes_left_is_swept()
    {
        string own = Written(TemporaryName.In(_folder.Path));
        string mine = $"-{Environment.ProcessId}-",
            dead = $"-{DeadProcess()}-";
        string left = Written(own.Replace(mine, dead, StringComparison.Ordinal));
        string folder = TemporaryName.In(_folder.Path).Replace(mine, dead, StringComparison.Ordinal);
        Written(Path.Combine(Directory.CreateDirectory(folder).FullName, "content"));
        string[] others =
        [
            Written(Path.Combine(_folder.Path, $"mlnetextensions-00000000{dead}{Guid.NewGuid():N}.tmp")),
            Written(Path.Combine(_folder.Path, "mlnetextensions-notes.tmp")),
            Written(left + ".txt"),
            own,
        ];
        string again = Written(TemporaryName.In(_folder.Path));
        File.SetLastWriteTimeUtc(again, Process.GetCurrentProcess().StartTime.ToUniversalTime().AddHours(-1));

        TemporaryName.Sweep(_folder.Path);

        Assert.False(File.Exists(left));
        Assert.False(Directory.Exists(folder));
        Assert.False(File.Exists(again), "a process of the same number made it before this one started");
        Assert.All(others, file => Assert.True(File.Exists(file), file));
    }

    [Fact]
    public void A_folder_is_swept_when_the_first_file_is_written_there()
    {
        string left = Written(
            TemporaryName
                .In(Path.Combine(_folder.Path, "elsewhere"))
                .Replace("elsewhere" + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
                .Replace($"-{Environment.ProcessId}-", $"-{DeadProcess()}-", StringComparison.Ordinal)
        );

        SmallModels.Identity(OnnxElementType.Float, -1, 3).Save(Path.Combine(_folder.Path, "a.onnx"));

        Assert.False(File.Exists(left));
    }

    /// <summary>48 MB, which take a while to write.</summary>
    private static OnnxGraph Large() =>
        SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 3)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 1 << 22)],
            [OnnxNode.Create("MatMul", ["x", "w"], ["y"])],
            OnnxTensor.FromFloats("w", [3, 1 << 22], new float[3 << 22])
        );

    private static string Written(string path)
    {
        File.WriteAllText(path, "");
        return path;
    }

    private static int DeadProcess()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.Id;
    }

    private static async Task Crash(params string[] arguments)
    {
        string? configuration = typeof(TemporaryNameTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration;
        string program = Path.Combine(
            SharedData.RepositoryRoot,
            "tests",
            "CrashApp",
            "bin",
            configuration ?? "Debug",
            "net10.0",
            "CrashApp.dll"
        );
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode > 2, await errors);
    }
}
