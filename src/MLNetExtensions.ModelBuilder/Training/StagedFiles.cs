namespace MLNetExtensions.ModelBuilder.Training;

/// <summary>Files that are written beside their place, and moved there when all are complete. Those that are not moved are deleted.</summary>
internal sealed class StagedFiles : IDisposable
{
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

    /// <summary>Puts all files in their places.</summary>
    public void Commit()
    {
        foreach (string path in _paths)
            File.Move(Staged(path), path, overwrite: true);
    }

    public void Dispose()
    {
        foreach (string path in _paths)
            File.Delete(Staged(path));
    }

    private static string Staged(string path) => $"{path}.new";
}
