using MLNetExtensions.Data.Sources;
using MLNetExtensions.Parquet;

namespace Microsoft.ML;

/// <summary>Loads images from Parquet files.</summary>
public static class ParquetCatalog
{
    /// <summary>
    /// Lists the images of Parquet files: columns <c>Image</c> (the encoded image, a vector of Byte, read when a cursor asks for it),
    /// <c>ImagePath</c> (text: the image's own name, or its file and row) and <c>Label</c> (text).
    /// </summary>
    /// <remarks>
    /// A cursor holds the images of one row group in memory, so the view is read in its own order; trainers shuffle by themselves.
    /// </remarks>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="path">A file, or a folder whose <c>*.parquet</c> files are read in the ordinal order of their names.</param>
    /// <param name="options">The names of the columns; null for the defaults, <c>image</c> and <c>label</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or the folder has none.</exception>
    /// <exception cref="InvalidDataException">A file is not a Parquet file or is damaged, lacks a column or has one of another type, or a
    /// row has no label.</exception>
    /// <example><code>IDataView photos = ml.Data.LoadFromParquet("train-00000-of-00001.parquet");</code></example>
    public static IDataView LoadFromParquet(this DataOperationsCatalog catalog, string path, LoadParquetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new LoadParquetOptions();
        List<ParquetImages> files = [.. FilesOf(Path.GetFullPath(path)).Select(file => ParquetImages.Open(file, options))];
        string[] labels = [.. files.SelectMany(file => file.Labels)];
        string?[] names = [.. files.SelectMany(file => file.Names)];
        if (names.Length == 0)
            throw new InvalidDataException($"'{path}' has no rows.");
        var store = new ParquetStore(files);
        return ImageView.Create(
            store,
            names.Length,
            row => names[row] ?? store.PlaceOf(row),
            options.LabelColumn is null ? null : row => labels[row],
            isSequential: true
        );
    }

    private static string[] FilesOf(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new FileNotFoundException(
                $"There is no file or folder '{path}'. Expected a Parquet file, or a folder of *.parquet files.",
                path
            );
        string[] files = Directory.GetFiles(path, "*.parquet");
        if (files.Length == 0)
            throw new FileNotFoundException($"The folder '{path}' has no *.parquet files.");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }
}
