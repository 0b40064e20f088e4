using Microsoft.ML;

namespace MLNetExtensions.Tool.Predicting.Dense;

/// <summary>Writes what a model of boxes or masks says; disposing it ends the file, not the writer below.</summary>
internal interface IDensePredictions : IDisposable
{
    /// <summary>The columns to read.</summary>
    IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema);

    /// <summary>Writes the row that a cursor is at, for an image.</summary>
    Action<string> Reader(DataViewRow row);

    /// <summary>Writes an image that cannot be read.</summary>
    void WriteProblem(string path, string problem);
}
