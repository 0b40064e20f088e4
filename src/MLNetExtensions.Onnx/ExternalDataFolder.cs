using System.Globalization;

namespace MLNetExtensions.Onnx;

/// <summary>
/// The folder of a model, which also holds its external data. Symbolic links are followed, as download caches and mounted volumes use them.
/// </summary>
internal sealed class ExternalDataFolder
{
    private const int MaxShare = 4;

    private readonly Dictionary<string, long> _read = [];
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

    /// <summary>The part of a file that holds a tensor's data.</summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="entries">What the model states: a location, an offset and a length. The last two may be absent.</param>
    /// <exception cref="OnnxFormatException">It is not in the model's folder, a link leads out of it, or the part is not in the
    /// file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public ExternalData Find(string tensor, IReadOnlyDictionary<string, string> entries)
    {
        FileInfo file = File(tensor, entries.GetValueOrDefault("location", ""));
        long offset = Number("offset", 0),
            length = Number("length", file.Length - Math.Min(offset, file.Length));
        // A pipe or a device has a length of 0, so that it is never opened.
        if (offset < 0 || length < 0 || length > int.MaxValue || offset > file.Length - length)
            throw new OnnxFormatException(
                $"Tensor '{tensor}': bytes {offset} to {(decimal)offset + length} are not in its external data file '{file.FullName}' of "
                    + $"{file.Length} bytes."
            );
        return new ExternalData(file, offset, (int)length);

        long Number(string key, long absent) =>
            !entries.TryGetValue(key, out string? text) ? absent
            : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value
            : throw new OnnxFormatException($"Tensor '{tensor}': the {key} '{text}' of its external data is no number.");
    }

    /// <summary>Reads a tensor's data.</summary>
    /// <exception cref="OnnxFormatException">As <see cref="Find"/>; or the model's tensors lie over each other in the file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public byte[] Read(string tensor, IReadOnlyDictionary<string, string> entries)
    {
        ExternalData data = Find(tensor, entries);
        if (data.Length == 0)
            return [];
        // Tensors may share data, but a small file must not become many times its size in memory.
        long read = _read[data.File.FullName] = _read.GetValueOrDefault(data.File.FullName) + data.Length;
        if (read > MaxShare * data.File.Length)
            throw new OnnxFormatException(
                $"Tensor '{tensor}': the tensors so far are over {MaxShare} times the {data.File.Length} bytes of their external data "
                    + $"file '{data.File.FullName}'."
            );
        using FileStream file = data.File.OpenRead();
        var bytes = new byte[data.Length];
        file.Position = data.Offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private FileInfo File(string tensor, string location)
    {
        // A model must not be able to read files outside its own folder.
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location))
            throw Outside(tensor, location);
        string path = Path.GetFullPath(Path.Combine(_folder, location));
        if (!path.StartsWith(_folder, StringComparison.Ordinal))
            throw Outside(tensor, location);
        if (!System.IO.File.Exists(path))
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

    private static OnnxFormatException Outside(string tensor, string location) =>
        new($"Tensor '{tensor}': its external data at '{location}' are not inside the model's folder.");

    private static string WithSeparator(string folder) => folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
}
