using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Trainers.Augmenting;

namespace MLNetExtensions.Reports.Images;

/// <summary>Reads the images and paths of some rows. Other rows' images are not read, and nothing is scored.</summary>
internal sealed class ThumbnailReader
{
    private const int Channels = 3;

    private readonly IDataView _data;
    private readonly HtmlReportOptions _options;
    private readonly int _size;
    private readonly ConcurrentBag<ThumbnailEncoder> _encoders = [];

    /// <param name="data">The rows.</param>
    /// <param name="options">The column and the folder of the images.</param>
    /// <param name="size">The longer side of the thumbnails in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public ThumbnailReader(IDataView data, HtmlReportOptions options, int size)
    {
        (_data, _options, _size) = (data, options, size);
        ImageColumn = FindImage(data.Schema, options.ImageColumnName);
        PathColumn =
            ImageColumn is { Type: TextDataViewType } ? ImageColumn
            : data.Schema.GetColumnOrNull(DefaultColumnNames.ImagePath) is { Type: TextDataViewType } path ? path
            : null;
    }

    /// <summary>The column of images; null if there is none.</summary>
    public DataViewSchema.Column? ImageColumn { get; }

    private DataViewSchema.Column? PathColumn { get; }

    /// <summary>Reads rows.</summary>
    /// <param name="ids">The ids of all rows.</param>
    /// <param name="rows">The rows to read.</param>
    /// <param name="withImage">The rows among them whose image is read; of the others only the path is.</param>
    public IReadOnlyDictionary<int, Thumbnail> Read(
        IReadOnlyList<DataViewRowId> ids,
        IReadOnlyCollection<int> rows,
        IReadOnlySet<int> withImage
    )
    {
        var found = new Dictionary<int, Thumbnail>();
        DataViewSchema.Column[] columns = [.. new[] { ImageColumn, PathColumn }.OfType<DataViewSchema.Column>().Distinct()];
        if (rows.Count == 0 || columns.Length == 0)
            return found;
        // Views that shuffle give their rows in another order each time, but with the same ids.
        Dictionary<DataViewRowId, int> rowOf = new(rows.Count);
        foreach (int row in rows)
            rowOf.TryAdd(ids[row], row);

        using DataViewRowCursor cursor = _data.GetRowCursor(columns);
        ValueGetter<DataViewRowId> readId = cursor.GetIdGetter();
        Func<string?> readPath = PathReader(cursor);
        Func<long, string, SourceImage>? readImage = ImageColumn is { } column
            ? SourceImages.ImageReader(cursor, column, _options.ImageFolder, Channels)
            : null;
        List<(int Row, string? Path, SourceImage Image)> ahead = [];
        DataViewRowId id = default;
        while (found.Count + ahead.Count < rowOf.Count && cursor.MoveNext())
        {
            readId(ref id);
            if (!rowOf.TryGetValue(id, out int row))
                continue;
            string? path = readPath();
            if (readImage is null || !withImage.Contains(row))
                found[row] = new Thumbnail(path);
            else
                ahead.Add((row, path, Take(readImage, row)));
            if (ahead.Count == 4 * Environment.ProcessorCount)
                Finish(ahead, found);
        }
        Finish(ahead, found);
        return found;
    }

    // A row whose image cannot be read must not end the report.
    private static SourceImage Take(Func<long, string, SourceImage> read, int row)
    {
        try
        {
            return read(row, "");
        }
        catch (Exception e) when (InvalidImageException.At(row, e) is { } bad)
        {
            return new SourceImage(row, "", Bad: bad);
        }
    }

    private void Finish(List<(int Row, string? Path, SourceImage Image)> ahead, Dictionary<int, Thumbnail> found)
    {
        _options.Cancellation.ThrowIfCancellationRequested();
        var thumbnails = new Thumbnail[ahead.Count];
        Parallel.For(
            0,
            ahead.Count,
            i =>
            {
                if (!_encoders.TryTake(out ThumbnailEncoder? encoder))
                    encoder = new ThumbnailEncoder(_size);
                thumbnails[i] = encoder.Encode(ahead[i].Image, ahead[i].Path);
                _encoders.Add(encoder);
            }
        );
        for (int i = 0; i < thumbnails.Length; i++)
            found[ahead[i].Row] = thumbnails[i];
        ahead.Clear();
    }

    private Func<string?> PathReader(DataViewRowCursor cursor)
    {
        if (PathColumn is not { } column)
            return () => null;
        ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> path = default;
        return () =>
        {
            getter(ref path);
            return path.IsEmpty ? null : path.ToString();
        };
    }

    private static DataViewSchema.Column? FindImage(DataViewSchema schema, string? name)
    {
        if (name is not null)
        {
            DataViewSchema.Column named =
                schema.GetColumnOrNull(name)
                ?? throw MissingColumn.In(schema, "image", name, "Name the column in HtmlReportOptions.ImageColumnName.", "scored");
            SourceImages.CheckType(named);
            return named;
        }
        return new[] { DefaultColumnNames.Image, DefaultColumnNames.ImagePath }
            .Select(schema.GetColumnOrNull)
            .FirstOrDefault(column => column is { } there && SourceImages.Holds(there));
    }
}
