using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace MLNetExtensions.Parquet;

/// <summary>The rows of one Parquet file: labels and names at hand, images by row group.</summary>
/// <param name="Path">The file.</param>
/// <param name="GroupRows">The number of rows of each row group.</param>
/// <param name="Labels">A label for each row; empty without a label column.</param>
/// <param name="Names">A name for each row that has one.</param>
/// <param name="ImageField">The path of the column of images.</param>
internal sealed record ParquetImages(string Path, IReadOnlyList<int> GroupRows, string[] Labels, string?[] Names, string ImageField)
{
    public int Count => Names.Length;

    /// <exception cref="InvalidDataException">It is no Parquet file, or lacks a column.</exception>
    public static ParquetImages Open(string path, LoadParquetOptions options) =>
        Run(
            path,
            [Root(options.ImageColumn), Root(options.LabelColumn ?? options.ImageColumn)],
            reader => ReadAsync(path, reader, options)
        );

    /// <summary>Reads the images of a row group; null if there is none.</summary>
    public byte[]?[] ReadGroup(int group) =>
        Run(
            Path,
            [],
            async reader =>
            {
                using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
                DataField field = reader.Schema.GetDataFields().Single(f => $"{f.Path}" == ImageField);
                return await ReadColumnAsync<ReadOnlyMemory<byte>, byte[]>(rows, field, bytes => bytes.ToArray()).ConfigureAwait(false);
            }
        );

    private static string Root(string column) => column.Split('/')[0];

    private static async Task<ParquetImages> ReadAsync(string path, ParquetReader reader, LoadParquetOptions options)
    {
        DataField[] fields = reader.Schema.GetDataFields();
        DataField image = Find(
            options.ImageColumn,
            nameof(options.ImageColumn),
            fields.FirstOrDefault(f => $"{f.Path}" == options.ImageColumn + "/bytes")
        );
        if (image.ClrType != typeof(ReadOnlyMemory<byte>) || image.MaxRepetitionLevel > 0)
            throw new InvalidDataException(
                $"'{path}': column '{image.Path}' holds {image.ClrType.Name}; expected one image's bytes a row."
            );
        DataField? name = fields.FirstOrDefault(f =>
            $"{f.Path}" == options.ImageColumn + "/path" && f.ClrType == typeof(ReadOnlyMemory<char>)
        );
        DataField? label = options.LabelColumn is null ? null : Find(options.LabelColumn, nameof(options.LabelColumn), null);
        string[]? classes = label is null ? null : HuggingFaceClasses.Of(reader.CustomMetadata, options.LabelColumn!);

        List<int> groupRows = [];
        List<string> labels = [];
        List<string?> names = [];
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            int first = names.Count;
            groupRows.Add(checked((int)rows.RowCount));
            names.AddRange(
                name is null
                    ? new string?[rows.RowCount]
                    : await ReadColumnAsync<ReadOnlyMemory<char>, string>(rows, name, text => text.ToString()).ConfigureAwait(false)
            );
            if (label is not null)
                labels.AddRange(
                    (await ReadLabelsAsync(path, rows, label, classes).ConfigureAwait(false)).Select(
                        (text, i) => text ?? throw new InvalidDataException($"'{path}', row {first + i}: '{label.Path}' is empty.")
                    )
                );
        }
        return new ParquetImages(path, groupRows, [.. labels], [.. names], $"{image.Path}");

        DataField Find(string column, string option, DataField? nested) =>
            fields.FirstOrDefault(f => $"{f.Path}" == column)
            ?? nested
            ?? throw new InvalidDataException(
                $"'{path}' has no column '{column}'; it has {string.Join(", ", fields.Select(f => $"{f.Path}"))}. "
                    + $"Set LoadParquetOptions.{option}."
            );
    }

    private static async Task<string?[]> ReadLabelsAsync(string path, ParquetRowGroupReader rows, DataField field, string[]? classes)
    {
        return field.ClrType switch
        {
            Type type when type == typeof(ReadOnlyMemory<char>) => await ReadColumnAsync<ReadOnlyMemory<char>, string>(
                    rows,
                    field,
                    text => text.ToString()
                )
                .ConfigureAwait(false),
            Type type when type == typeof(long) => await ReadColumnAsync<long, string>(rows, field, NameOf).ConfigureAwait(false),
            Type type when type == typeof(int) => await ReadColumnAsync<int, string>(rows, field, number => NameOf(number))
                .ConfigureAwait(false),
            Type type when type == typeof(short) => await ReadColumnAsync<short, string>(rows, field, number => NameOf(number))
                .ConfigureAwait(false),
            Type type when type == typeof(byte) => await ReadColumnAsync<byte, string>(rows, field, number => NameOf(number))
                .ConfigureAwait(false),
            _ => throw new InvalidDataException(
                $"'{path}': column '{field.Path}' holds {field.ClrType.Name}; expected text or whole numbers."
            ),
        };

        // Hugging Face writes -1 for a label that is withheld.
        string NameOf(long number) =>
            classes is null || number < 0 ? number.ToString(CultureInfo.InvariantCulture)
            : number < classes.Length ? classes[number]
            : throw new InvalidDataException(
                $"'{path}': class {number} of column '{field.Path}' has no name; the file names {classes.Length} classes."
            );
    }

    /// <summary>Reads a column of one value a row; where the file has none, null.</summary>
    private static async Task<TResult?[]> ReadColumnAsync<T, TResult>(ParquetRowGroupReader rows, DataField field, Func<T, TResult> convert)
        where T : struct
        where TResult : class
    {
        // ReadAsync leaves other columns' values where a structure is missing, so the levels are looked at here.
        T[] values = new T[rows.RowCount];
        int[] levels = new int[rows.RowCount];
        bool hasLevels = field.MaxDefinitionLevel > 0;
        await rows.ReadRawAsync<T>(field, values, hasLevels ? levels.AsMemory() : (Memory<int>?)null, null, default).ConfigureAwait(false);
        var results = new TResult?[rows.RowCount];
        int next = 0;
        for (int row = 0; row < results.Length; row++)
            if (!hasLevels || levels[row] == field.MaxDefinitionLevel)
                results[row] = convert(values[next++]);
        return results;
    }

    /// <summary>True if the file is named already: the error is not one of the reader.</summary>
    private static bool IsOwn(Exception e, string path) =>
        e is InvalidDataException && e.Message.StartsWith($"'{path}'", StringComparison.Ordinal);

    // The interfaces of ML.NET are synchronous; files are local.
    private static TResult Run<TResult>(string path, string[] columnsToCheck, Func<ParquetReader, Task<TResult>> read)
    {
        return Task.Run(ReadAsync).GetAwaiter().GetResult();

        async Task<TResult> ReadAsync()
        {
            using FileStream file = File.OpenRead(path);
            ParquetReader reader;
            try
            {
                if (columnsToCheck.Length > 0)
                    ParquetCheck.Check(file, columnsToCheck);
                file.Position = 0;
                reader = await ParquetReader.CreateAsync(file).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new InvalidDataException($"'{path}' is no Parquet file, or it is damaged or cut short: {e.Message}", e);
            }
            await using (reader.ConfigureAwait(false))
            {
                try
                {
                    return await read(reader).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OutOfMemoryException && !IsOwn(e, path))
                {
                    throw new InvalidDataException($"'{path}' is damaged: {e.Message}", e);
                }
            }
        }
    }
}
