namespace MLNetExtensions.Onnx;

/// <summary>
/// The folder of a model, which also holds its external data. Symbolic links are followed, as download caches and mounted volumes use them.
/// </summary>
internal sealed class ExternalDataFolder
{
    private readonly string _folder;
    private readonly string[] _allowed;

    /// <param name="modelPath">The model's file.</param>
    public ExternalDataFolder(string modelPath)
    {
        modelPath = Path.GetFullPath(modelPath);
        _folder = WithSeparator(Path.GetDirectoryName(modelPath)!);
        // A link to the model may stand in another folder than the file, and the data beside either.
        _allowed = [WithSeparator(LinkedFile.RealPath(_folder)), WithSeparator(Path.GetDirectoryName(LinkedFile.RealPath(modelPath))!)];
    }

    /// <summary>The file of a tensor's data.</summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="location">The location that the model states.</param>
    /// <exception cref="OnnxFormatException">It is not in the model's folder, or a link leads out of it.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public FileInfo Find(string tensor, string location)
    {
        string path = Path.GetFullPath(Path.Combine(_folder, location));
        // A model must not be able to read files outside its own folder.
        if (location.Length == 0 || Path.IsPathRooted(location) || !path.StartsWith(_folder, StringComparison.Ordinal))
            throw new OnnxFormatException($"Tensor '{tensor}': its external data at '{location}' are not inside the model's folder.");
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"Tensor '{tensor}': its external data file '{path}' is missing. Put it beside the model.",
                path
            );
        string real = LinkedFile.RealPath(path);
        if (!Array.Exists(_allowed, folder => real.StartsWith(folder, StringComparison.Ordinal)))
            throw new OnnxFormatException(
                $"Tensor '{tensor}': its external data at '{location}' are a link that leads out of the model's folder, to '{real}'. "
                    + $"Put the file itself beside the model."
            );
        return new FileInfo(real);
    }

    private static string WithSeparator(string folder) => folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
}
