namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>An input in memory, and as a file for readers that take a path.</summary>
internal sealed class FuzzInput(byte[] bytes, string folder, string extension)
{
    private string? _file;

    public byte[] Bytes => bytes;

    /// <summary>An own folder of the worker; what lies there is of the inputs before.</summary>
    public string Folder => folder;

    /// <summary>The path of a file with the input.</summary>
    public string File => _file ??= Write();

    private string Write()
    {
        string path = Path.Combine(folder, "input" + extension);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }
}
