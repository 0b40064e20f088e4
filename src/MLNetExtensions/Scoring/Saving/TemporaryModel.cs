using Microsoft.ML;
using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>
/// An ONNX file for ML.NET's ONNX transformer to copy into a saved model; it would never delete one that it makes itself of a stream.
/// Deleted when disposed.
/// </summary>
internal sealed class TemporaryModel : IDisposable
{
    private readonly TemporaryFile _file;

    /// <param name="context">Says the temporary folder.</param>
    /// <param name="write">Writes the file.</param>
    public TemporaryModel(MLContext context, Action<string> write)
    {
        _file = TemporaryFile.In(context.TempFilePath ?? System.IO.Path.GetTempPath());
        try
        {
            write(Path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path => _file.Path;

    public void Dispose() => _file.Dispose();
}
