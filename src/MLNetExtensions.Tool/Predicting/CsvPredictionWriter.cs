using System.Globalization;
using MLNetExtensions.Tool.Data;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>Predictions as CSV: path, label, score, for top-k label2, score2 and so on, and the problem of an image that cannot be read.</summary>
internal sealed class CsvPredictionWriter : IPredictionWriter
{
    private readonly TextWriter _writer;
    private readonly int _top;

    public CsvPredictionWriter(TextWriter writer, int top)
    {
        (_writer, _top) = (writer, top);
        IEnumerable<string> names = Enumerable
            .Range(1, top)
            .SelectMany(rank => rank == 1 ? new[] { "label", "score" } : [$"label{rank}", $"score{rank}"]);
        _writer.Write(Csv.Line([.. names.Prepend("path"), "problem"]) + "\n");
    }

    public void Write(Prediction prediction)
    {
        IEnumerable<string> cells = Enumerable
            .Range(0, _top)
            .SelectMany(rank =>
                rank < prediction.Top.Count
                    ? new[] { prediction.Top[rank].Label, prediction.Top[rank].Score.ToString("0.######", CultureInfo.InvariantCulture) }
                    : ["", ""]
            );
        _writer.Write(Csv.Line([.. cells.Prepend(prediction.Path), prediction.Problem ?? ""]) + "\n");
    }

    public void Dispose() { }
}
