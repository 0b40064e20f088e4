using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.ModelBuilder.Training;

/// <summary>Files that are written in a folder of their own, and moved to their place when all are complete. Those that are not moved are
/// deleted.</summary>
/// <param name="folder">The folder that they belong into.</param>
internal sealed class StagedFiles(string folder) : IDisposable
{
    private readonly TemporaryFolder _staged = TemporaryFolder.In(folder);
    private readonly List<string> _paths = [];

    /// <summary>The files so far, in their order.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>Where to write a file now.</summary>
    /// <param name="path">Where it belongs.</param>
    public string Add(string path)
    {
        _paths.Add(path);
        return Staged(path);
    }

    /// <summary>Puts all files in their places, in the order in which they were added.</summary>
    public void Commit()
    {
        foreach (string path in _paths)
            TemporaryFile.Write(path, temporary => File.Move(Staged(path), temporary, overwrite: true));
    }

    public void Dispose() => _staged.Dispose();

    private string Staged(string path) => Path.Combine(_staged.Path, Path.GetFileName(path));
}
