using MLNetExtensions.Onnx;

namespace MLNetExtensions.Sessions;

/// <summary>The source of a model: a file with its external data beside it, or bytes.</summary>
internal sealed class OnnxModelSource
{
    private readonly byte[]? _bytes;
    private readonly DateTime _written;
    private readonly long _length;
    private bool _isChecked;

    private OnnxModelSource(string name, string? path, byte[]? bytes)
    {
        Origin = path;
        (Name, Path, _bytes) = (name, path, bytes);
        if (path is not null && LinkedFile.Follow(path) is var file)
            (_written, _length) = (file.LastWriteTimeUtc, file.Length);
    }

    /// <summary>The model's name in messages.</summary>
    public string Name { get; }

    /// <summary>The file, where it is one.</summary>
    public string? Path { get; }

    /// <summary>The file that it was made of, where it is that file or a changed copy of it.</summary>
    public string? Origin { get; private init; }

    /// <summary>The model's bytes, without external data. A file is read again; ONNX Runtime holds the only other copy.</summary>
    /// <exception cref="InvalidOperationException">The file is gone or has changed since the model was loaded.</exception>
    public byte[] Bytes => _bytes ?? File.ReadAllBytes(UnchangedPath());

    /// <summary>True if the model can be read again.</summary>
    public bool IsThere => Path is null || (File.Exists(Path) && IsUnchanged(LinkedFile.Follow(Path)));

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static OnnxModelSource FromFile(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no ONNX file at '{path}'.", path);
        return new OnnxModelSource($"'{path}'", path, null);
    }

    public static OnnxModelSource OfBytes(byte[] bytes, string name) => new(name, null, bytes);

    public static OnnxModelSource OfGraph(OnnxGraph graph, string? name = null) =>
        new(name ?? $"the graph '{graph.Name}'", null, graph.ToBytes());

    /// <summary>The model changed.</summary>
    public OnnxModelSource With(OnnxGraph graph) => new(Name, null, graph.ToBytes()) { Origin = Origin };

    /// <summary>True if a node has to be written anew, before ONNX Runtime reads it; known after <see cref="Check"/>.</summary>
    public bool HasUnnamedEnd { get; private set; }

    /// <summary>Looks through the model once, before anything is allocated for it.</summary>
    /// <exception cref="OnnxFormatException">It is no ONNX model, a damaged one, or one that ONNX Runtime does not survive.</exception>
    /// <exception cref="FileNotFoundException">Its external data are missing.</exception>
    public void Check()
    {
        if (_isChecked)
            return;
        HasUnnamedEnd = Path is not null ? OnnxFileCheck.CheckFile(Path) : OnnxFileCheck.Check(_bytes, Name, folder: null);
        _isChecked = true;
    }

    /// <summary>The model as a graph, with its external data inside.</summary>
    /// <exception cref="OnnxFormatException">It uses a part of the format that the reader does not support.</exception>
    public OnnxGraph ReadGraph() =>
        Path is null ? OnnxGraph.Load(new MemoryStream(Bytes, writable: false)) : OnnxGraph.Load(UnchangedPath());

    /// <summary>Reads the model's graph without its weights: their tensors have no data.</summary>
    /// <exception cref="OnnxFormatException">It uses a part of the format that the reader does not support.</exception>
    public OnnxGraph ReadOutline() =>
        OnnxReader.ReadOutline(
            Path is null ? GraphOutline.Of(_bytes) : MappedFile.Read(UnchangedPath(), bytes => GraphOutline.Of(bytes)),
            Name
        );

    private bool IsUnchanged(FileInfo file) => file.Exists && file.Length == _length && file.LastWriteTimeUtc == _written;

    private string UnchangedPath()
    {
        FileInfo file = LinkedFile.Follow(Path!);
        if (!IsUnchanged(file))
            throw new InvalidOperationException(
                $"The model {Name} {(file.Exists ? "has changed" : "is not there any more")} since it was loaded. "
                    + "Saving and exporting read it again: leave it in place until then."
            );
        return Path!;
    }
}
