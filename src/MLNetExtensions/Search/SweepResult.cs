using System.Globalization;
using System.Text;
using Microsoft.ML;
using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.Search;

/// <summary>The result of a sweep: the best model, and all trials. Dispose it with its model.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
public sealed class SweepResult<TOptions> : IDisposable
    where TOptions : class
{
    internal SweepResult() { }

    /// <summary>
    /// The model of <see cref="Best"/>, trained on the training part of the rows; after cross-validation on all rows.
    /// </summary>
    public required ITransformer Model { get; init; }

    /// <summary>The trial with the best value.</summary>
    public required SweepTrial<TOptions> Best { get; init; }

    /// <summary>All trials, by number.</summary>
    public required IReadOnlyList<SweepTrial<TOptions>> Trials { get; init; }

    /// <summary>
    /// The importance of each hyper-parameter, the largest first: the part of the metric's variance over the space that it explains alone,
    /// by functional ANOVA on the results at the first rung. Empty with fewer than 8 results.
    /// </summary>
    public required IReadOnlyList<ParameterImportance> Importance { get; init; }

    /// <summary>The metric's name.</summary>
    public required string MetricName { get; init; }

    /// <summary>True if a higher value of the metric is better.</summary>
    public required bool IsHigherBetter { get; init; }

    /// <summary>The reason why the sweep ended.</summary>
    public required SweepStopReason StopReason { get; init; }

    /// <summary>The time that the sweep took; of one that went on, from then.</summary>
    public required TimeSpan Duration { get; init; }

    private IEnumerable<SweepTrial<TOptions>> Ranked =>
        Trials
            .OrderBy(trial => trial.Value is null)
            .ThenBy(trial => IsHigherBetter ? -trial.Value : trial.Value)
            .ThenBy(trial => trial.Number);

    /// <summary>Disposes <see cref="Model"/>.</summary>
    public void Dispose() => (Model as IDisposable)?.Dispose();

    /// <summary>The best trials as a table of text: their values, epochs, times and hyper-parameters; failed ones come last.</summary>
    /// <param name="count">The number of trials to show.</param>
    public string Leaderboard(int count = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        string[] names = [.. Best.Values.Keys];
        List<string[]> rows =
        [
            ["trial", MetricName, "epochs", "seconds", .. names, "state"],
        ];
        rows.AddRange(
            Ranked
                .Take(count)
                .Select(trial =>
                    (string[])
                        [
                            Text(trial.Number),
                            trial.Value?.ToString("G5", CultureInfo.InvariantCulture) ?? "",
                            Text(trial.Best?.Epochs),
                            trial.Duration.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture),
                            .. names.Select(name => Short(trial.Values[name])),
                            trial.State.ToString(),
                        ]
                )
        );
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return text.ToString();
    }

    /// <summary>Writes all trials as a CSV file, the best first: a line for each, with its values in full and its error.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public void SaveCsv(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string[] names = [.. Best.Values.Keys];
        var text = new StringBuilder();
        AppendRow(text, ["trial", MetricName, "epochs", "seconds", .. names, "state", "error"]);
        foreach (SweepTrial<TOptions> trial in Ranked)
            AppendRow(
                text,
                [
                    Text(trial.Number),
                    Text(trial.Value),
                    Text(trial.Best?.Epochs),
                    Text(trial.Duration.TotalSeconds),
                    .. names.Select(name => Text(trial.Values[name])),
                    trial.State.ToString(),
                    trial.Error ?? "",
                ]
            );
        TemporaryFile.Write(path, text.ToString());
    }

    /// <summary>The leaderboard and the importance of the hyper-parameters.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Leaderboard());
        if (Importance.Count > 0)
            text.Append("importance: ")
                .AppendJoin(", ", Importance.Select(one => $"{one.Name} {one.Fraction.ToString("P0", CultureInfo.InvariantCulture)}"))
                .AppendLine();
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.AppendJoin(
                ',',
                cells.Select(cell =>
                    cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
                )
            )
            .Append('\n');

    private static string Short(object? value) =>
        value is float or double ? ((IFormattable)value).ToString("G4", CultureInfo.InvariantCulture) : Text(value);

    private static string Text(object? value) =>
        value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "";
}
