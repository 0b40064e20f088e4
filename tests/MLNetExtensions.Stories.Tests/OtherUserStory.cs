using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>An application runs as a user who owns a folder for data, and nothing else: neither a home nor the application's folder.</summary>
public sealed class OtherUserStory : IDisposable
{
    private const string SetPrivileges = "/usr/bin/setpriv";

    // Nobody's number on Linux.
    private const string Nobody = "65534";

    private readonly ShapeFolder _folder = new(images: 12);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_user_trains_saves_and_scores()
    {
        var ml = new MLContext(seed: 1) { TempFilePath = _folder.Path };
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        using TrainNetworkTransformer network = ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new TinyNetwork(),
                    ImageColumnName = "ImagePath",
                    Epochs = 1,
                    CacheFolder = _folder.File("cache"),
                    Callbacks = [new CheckpointCallback(_folder.File("checkpoints"))],
                }
            )
            .Fit(ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos));
        ml.Model.SaveAtomic(network, photos.Schema, _folder.File("model.zip"));

        Assert.Equal(12, ml.Model.Load(_folder.File("model.zip"), out _).Transform(photos).GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public async Task A_user_without_any_other_right_does_so_too()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists(SetPrivileges),
            $"Needs Linux, root and {SetPrivileges}."
        );
        string program = Environment.ProcessPath!;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            Assert.SkipUnless(
                OperatingSystem.IsWindows() || folder.UnixFileMode.HasFlag(UnixFileMode.OtherRead | UnixFileMode.OtherExecute),
                $"Other users cannot look into {folder.FullName}."
            );
        string own = Directory.CreateDirectory(_folder.File("own")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(own, (UnixFileMode)0x1FF);
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1ED);
        }
        string[] arguments = ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", program, "-noColor"];
        var start = new ProcessStartInfo(SetPrivileges, [.. arguments, "-method", $"*.{nameof(A_user_trains_saves_and_scores)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = own,
        };
        start.Environment["TMPDIR"] = own;
        start.Environment.Remove("HOME");
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("Total: 1,", output, StringComparison.Ordinal);
    }
}
