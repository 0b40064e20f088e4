using System.Globalization;
using System.Text;
using MLNetExtensions.Data.Sources;
using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.Training.Logging;

/// <summary>
/// A CSV file (RFC 4180, UTF-8, numbers in the invariant culture) that grows by one row per epoch. Each row is handed to the system before
/// <see cref="Append"/> returns, so a crash loses none; an incomplete row is removed when the run resumes.
/// </summary>
/// <example><code>
/// using CsvLog log = CsvLog.Create("run/log.csv", ["epoch", "loss", "accuracy"]);
/// log.Append(1, 0.7, 0.81);
/// </code></example>
public sealed class CsvLog : IDisposable
{
    private readonly FileStream _file;
    private readonly int _columns;

    private readonly FileLock _lock;

    private CsvLog(string path, int columns, FileLock claim)
    {
        Path = path;
        _columns = columns;
        _lock = claim;
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>Starts a new log; an existing one is replaced at once.</summary>
    /// <param name="path">The file; its folder is created if missing.</param>
    /// <param name="columns">The names of the columns: the first line.</param>
    /// <exception cref="ArgumentException">There are no columns, or two have the same name.</exception>
    /// <exception cref="IOException">The file cannot be written, or a run that has not ended writes it.</exception>
    public static CsvLog Create(string path, IReadOnlyList<string> columns) => Start(path, columns, () => []);

    /// <summary>Continues the log of an interrupted run; starts a new log if there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The names of the columns, which must be those of the file.</param>
    /// <param name="rows">The number of rows to keep: those up to the checkpoint that training resumes from. Later rows are
    /// removed.</param>
    /// <exception cref="InvalidDataException">The file is another log: its columns differ.</exception>
    /// <exception cref="IOException">The file cannot be read or written, or a run that has not ended writes it.</exception>
    public static CsvLog Resume(string path, IReadOnlyList<string> columns, int rows = int.MaxValue)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        return Start(path, columns, () => ReadRows(path, columns, rows));
    }

    /// <summary>Adds a row.</summary>
    /// <param name="values">A value for each column: a number, a text, a time span (written in seconds), or null for an empty
    /// field.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than columns.</exception>
    /// <exception cref="IOException">It could not be written, for example because the disk is full.</exception>
    public void Append(params ReadOnlySpan<object?> values)
    {
        if (values.Length != _columns)
            throw new ArgumentException($"'{Path}' has {_columns} columns, got {values.Length} values.", nameof(values));
        string[] fields = new string[values.Length];
        for (int i = 0; i < fields.Length; i++)
            fields[i] = values[i] switch
            {
                null => "",
                TimeSpan time => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
                IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
                object value => value.ToString() ?? "",
            };
        // One write call a row: a reader never sees half of one unless the system itself stops.
        _file.Write(Encoding.UTF8.GetBytes(Line(fields)));
        _file.Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private static CsvLog Start(string path, IReadOnlyList<string> columns, Func<IReadOnlyList<string[]>> rows)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0 || columns.Distinct().Count() != columns.Count)
            throw new ArgumentException($"A log needs columns of different names, got {string.Join(", ", columns)}.", nameof(columns));
        path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        // Who begins or resumes a log writes a new file: another that still appends to the old one would lose its rows.
        FileLock claim =
            FileLock.TryTake($"{path}.lock")
            ?? throw new IOException($"The log '{path}' is in use by a run that has not ended. Give each run a file of its own.");
        try
        {
            TemporaryFile.Write(path, Line(columns) + string.Concat(rows().Select(Line)));
            return new CsvLog(path, columns.Count, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    private static List<string[]> ReadRows(string path, IReadOnlyList<string> columns, int rows)
    {
        List<string[]> kept = [];
        if (File.Exists(path))
        {
            using var text = new StreamReader(path, Encoding.UTF8);
            bool isHeader = true;
            foreach (string[] fields in CompleteRecords(text, path))
            {
                if (isHeader && !fields.AsSpan().SequenceEqual([.. columns]))
                    throw new InvalidDataException(
                        $"'{path}' is the log of another run: its columns are {string.Join(", ", fields)}; "
                            + $"this run writes {string.Join(", ", columns)}. Choose another file, or delete this one."
                    );
                if (!isHeader && kept.Count < rows && fields.Length == columns.Count)
                    kept.Add(fields);
                isHeader = false;
            }
        }
        return kept;
    }

    // A record that a crash cut short does not count: a line without an end, or a quote that is never closed.
    private static IEnumerable<string[]> CompleteRecords(TextReader text, string path)
    {
        using IEnumerator<DelimitedRecord> records = new DelimitedReader(text, ',', $"'{path}'").ReadAll().GetEnumerator();
        while (true)
        {
            try
            {
                if (!records.MoveNext() || !records.Current.IsTerminated)
                    yield break;
            }
            catch (InvalidDataException)
            {
                yield break;
            }
            yield return records.Current.Fields;
        }
    }

    private static string Line(IReadOnlyList<string> fields) => string.Join(',', fields.Select(Quote)) + "\r\n";

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
