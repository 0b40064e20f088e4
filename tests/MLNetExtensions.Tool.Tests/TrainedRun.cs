using Xunit;

[assembly: AssemblyFixture(typeof(MLNetExtensions.Tool.Tests.TrainedRun))]

namespace MLNetExtensions.Tool.Tests;

/// <summary>A run that tests of later verbs share: they do not change it.</summary>
public sealed class TrainedRun : IAsyncLifetime
{
    private readonly ColorFolders _photos = new(12);

    /// <summary>The images: blue, green, red.</summary>
    public string Photos => _photos.Path;

    public string Runs => _photos.At("runs");

    public string Folder => Path.Combine(Runs, "train1");

    /// <summary>A path for a test's own files, deleted in the end.</summary>
    public string At(string name) => _photos.At(name);

    public async ValueTask InitializeAsync() => await Mlnetx.Succeed("train", Photos, "--runs", Runs);

    public ValueTask DisposeAsync()
    {
        _photos.Dispose();
        return ValueTask.CompletedTask;
    }
}
