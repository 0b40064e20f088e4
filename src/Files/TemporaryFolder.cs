#if IMAGING
namespace MLNetExtensions.Imaging.Files;

#else
namespace MLNetExtensions.Onnx.Files;

#endif

/// <summary>A folder that is gone with all its files when disposed, unless it was moved into its place; its owner's alone until then.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private TemporaryFolder(string path) => Path = path;

    /// <summary>The folder, which is there.</summary>
    public string Path { get; }

    /// <summary>A folder in another.</summary>
    public static TemporaryFolder In(string folder)
    {
        var made = new TemporaryFolder(TemporaryName.In(folder));
        OwnerOnly.CreateFolder(made.Path);
        return made;
    }

    /// <summary>Gives the folder its name, which nothing may have, and the rights of a folder there.</summary>
    public void MoveTo(string path)
    {
        OwnerOnly.Release(Path, path);
        Directory.Move(Path, path);
    }

    public void Dispose() => TemporaryName.Delete(Path);
}
