using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Sources;

namespace Microsoft.ML;

/// <summary>Loads images from lists.</summary>
public static class ImageListCatalog
{
    // So many missing files are named; more would hide the message.
    private const int MissingFilesShown = 5;

    /// <summary>
    /// Reads a list of images from a CSV, TSV, JSON or JSON Lines file: columns <c>ImagePath</c> (text, the full path), <c>Label</c>
    /// (text), and the list's other columns as text under their own names. No image is read yet.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="path">A .csv (RFC 4180; without a comma in the first line, semicolons or tabs separate), .tsv, .json (an array of
    /// objects) or .jsonl (one object per line), in UTF-8. Paths may be file: URIs.</param>
    /// <param name="options">The names of the columns; null for the defaults, <c>ImagePath</c> and <c>Label</c>.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="FileNotFoundException">The list does not exist, or files that it names are missing.</exception>
    /// <exception cref="InvalidDataException">
    /// The list is malformed, lacks a column, has no rows, or a row lacks its path or its label; the message names the line.
    /// </exception>
    /// <example><code>
    /// IDataView photos = ml.Data.LoadFromImageList("train.csv", new() { ImageColumn = "file", LabelColumn = "species" });
    /// </code></example>
    public static IDataView LoadFromImageList(this DataOperationsCatalog catalog, string path, LoadListOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new LoadListOptions();
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no list '{path}'. Expected a .csv, .tsv, .json or .jsonl file.", path);
        ImageList list = ImageList.Read(path, options.HasHeader);
        if (list.Rows.Count == 0)
            throw new InvalidDataException($"The list '{path}' has no rows.");
        int image = ColumnOf(options.ImageColumn, nameof(options.ImageColumn));
        int label = options.LabelColumn is null ? -1 : ColumnOf(options.LabelColumn, nameof(options.LabelColumn));

        string folder = Path.GetFullPath(options.ImageFolder ?? Path.GetDirectoryName(path)!);
        string[] paths = new string[list.Rows.Count];
        for (int row = 0; row < paths.Length; row++)
        {
            Check(row, image);
            if (list.Rows[row][image].Contains('\0', StringComparison.Ordinal))
                throw new InvalidDataException(
                    $"'{path}', {list.Places[row]}: the path holds a null character; is the list UTF-16, saved as something else?"
                );
            if (label >= 0)
                Check(row, label);
            paths[row] = PathOf(row, list.Rows[row][image].Trim());
        }
        if (options.CheckFiles)
            CheckFiles(path, list, paths);

        List<SourceColumn> columns = [new TextColumn(DefaultColumnNames.ImagePath, row => paths[row])];
        if (label >= 0)
            columns.Add(new TextColumn(DefaultColumnNames.Label, row => list.Rows[row][label].Trim()));
        for (int i = 0; i < list.Columns.Count; i++)
        {
            int column = i;
            if (i != image && i != label && columns.TrueForAll(other => other.Name != list.Columns[column]))
                columns.Add(new TextColumn(list.Columns[i], row => list.Rows[row][column]));
        }
        return new SourceView(paths.Length, isSequential: false, columns);

        int ColumnOf(string name, string option)
        {
            for (int i = 0; i < list.Columns.Count; i++)
                if (list.Columns[i] == name)
                    return i;
            throw new InvalidDataException(
                $"The list '{path}' has no column '{name}'; it has "
                    + $"{string.Join(", ", list.Columns)}{(list.Separator is { } separator ? $", separated by {ImageList.Shown(separator)}" : "")}. "
                    + $"Set LoadListOptions.{option}"
                    + (options.HasHeader ? ", or HasHeader = false where the first line is data." : " to a number from 0.")
            );
        }

        string PathOf(int row, string text)
        {
            if (!text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            {
                // A list may come from Windows; but elsewhere a backslash may be part of a name.
                string literal = Path.GetFullPath(Path.Combine(folder, text));
                return !text.Contains('\\', StringComparison.Ordinal) || File.Exists(literal)
                    ? literal
                    : Path.GetFullPath(Path.Combine(folder, text.Replace('\\', '/')));
            }

            return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.IsFile
                ? Path.GetFullPath(uri.LocalPath)
                : throw new InvalidDataException(
                    $"'{path}', {list.Places[row]}: '{text}' is no URI of a file, such as file:///photos/1.jpg."
                );
        }

        void Check(int row, int column)
        {
            if (string.IsNullOrWhiteSpace(list.Rows[row][column]))
                throw new InvalidDataException($"'{path}', {list.Places[row]}: '{list.Columns[column]}' is empty.");
        }
    }

    private static void CheckFiles(string path, ImageList list, string[] paths)
    {
        List<int> missing = [.. Enumerable.Range(0, paths.Length).Where(row => !File.Exists(paths[row]))];
        if (missing.Count > 0)
            throw new FileNotFoundException(
                $"{missing.Count} of the {paths.Length} files that '{path}' names do not exist:"
                    + string.Concat(missing.Take(MissingFilesShown).Select(row => $"\n  {list.Places[row]}: '{paths[row]}'"))
                    + (missing.Count > MissingFilesShown ? "\n  ..." : "")
                    + "\nSet LoadListOptions.ImageFolder to the folder that the paths start at.",
                paths[missing[0]]
            );
    }
}
