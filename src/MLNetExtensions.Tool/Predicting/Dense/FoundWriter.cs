using System.Text.Json.Nodes;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Predicting.Dense;

/// <summary>Lines of CSV, or objects of JSON, for images that have several lines each.</summary>
internal sealed class FoundWriter : IDisposable
{
    private readonly TextWriter _writer;
    private readonly bool _isCsv,
        _isArray;
    private bool _isFirst = true;

    /// <param name="writer">Where it writes.</param>
    /// <param name="file">The file's name, whose extension says the format; null for the terminal.</param>
    /// <param name="json">True for JSON at the terminal.</param>
    /// <exception cref="UsageException">The extension is none of .csv, .json, .jsonl.</exception>
    public FoundWriter(TextWriter writer, string? file, bool json)
    {
        _writer = writer;
        string extension = PredictionWriters.ExtensionOf(file, json);
        (_isCsv, _isArray) = (extension == ".csv", extension == ".json");
    }

    /// <summary>Writes an image.</summary>
    /// <param name="header">The names of the fields of lines.</param>
    /// <param name="lines">The lines of CSV.</param>
    /// <param name="node">The object of JSON.</param>
    public void Write(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> lines, Func<JsonObject> node)
    {
        if (_isCsv)
        {
            if (_isFirst)
                _writer.Write(Csv.Line(header) + "\n");
            foreach (IReadOnlyList<string> line in lines)
                _writer.Write(Csv.Line(line) + "\n");
        }
        else
        {
            _writer.Write(_isArray ? (_isFirst ? "[\n" : ",\n") : "");
            _writer.Write(node().ToJsonString() + (_isArray ? "" : "\n"));
        }
        _isFirst = false;
    }

    public void Dispose()
    {
        if (_isArray)
            _writer.Write(_isFirst ? "[]\n" : "\n]\n");
    }
}
