using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Data;

/// <summary>Opens what a command line names as images.</summary>
internal static class ImageFiles
{
    private static readonly string[] Lists = [".csv", ".tsv", ".json", ".jsonl"];

    /// <summary>Opens labeled images, with the parts that their folder has.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="path">A folder, a list, or an archive.</param>
    /// <param name="origin">Where the path was given, for messages.</param>
    /// <exception cref="UsageException">There is nothing there, or nothing with classes.</exception>
    public static ImageSet Open(MLContext ml, string path, string origin)
    {
        string? train = Directory.Exists(path) ? PartNames.FolderOf(path, PartNames.Train) : null;
        if (train is null)
            return new ImageSet(Load(ml, path, origin), null, null);
        string? validation = PartNames.FolderOf(path, PartNames.Validation),
            test = PartNames.FolderOf(path, PartNames.Test);
        return validation is null && test is null
            ? new ImageSet(Load(ml, path, origin), null, null)
            : new ImageSet(
                Load(ml, train, origin),
                validation is null ? null : Load(ml, validation, origin),
                test is null ? null : Load(ml, test, origin)
            );
    }

    /// <summary>Opens labeled images as one view: ImagePath or Image, and Label.</summary>
    /// <inheritdoc cref="Open"/>
    public static IDataView Load(MLContext ml, string path, string origin)
    {
        try
        {
            if (Directory.Exists(path) && !Directory.EnumerateDirectories(path).Any())
                throw new UsageException(
                    $"{origin} is '{path}', a folder without sub-folders. It must have one for each class, with the class's images."
                );
            if (Directory.Exists(path))
                return ml.Data.LoadFromImageFolder(path);
            if (!File.Exists(path))
                throw new UsageException(
                    $"{origin} is '{path}', and there is nothing at '{Path.GetFullPath(path)}'. It must be a folder with a sub-folder of "
                        + "images for each class, a list (.csv, .tsv, .json, .jsonl), or a .zip or .tar archive."
                );
            return Lists.Contains(Path.GetExtension(path).ToLowerInvariant())
                ? ml.Data.LoadFromImageList(path)
                : ml.Data.LoadFromImageArchive(path);
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException or InvalidDataException)
        {
            throw new UsageException($"{origin}: {error.Message}", error);
        }
    }

    /// <summary>The column of images: the bytes of archives' files, or else paths.</summary>
    public static string ImageColumnOf(IDataView images) => images.Schema.GetColumnOrNull("Image") is null ? "ImagePath" : "Image";

    /// <summary>Checks that there are classes to tell apart.</summary>
    /// <exception cref="UsageException">There are fewer than two.</exception>
    public static IReadOnlyDictionary<string, int> CountClasses(IDataView images, string path)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (string label in Texts(images, "Label"))
            counts[label] = counts.GetValueOrDefault(label) + 1;
        return counts.Count >= 2
            ? counts
            : throw new UsageException(
                $"'{path}' has images of {counts.Count} class{(counts.Count == 1 ? $", '{counts.Keys.First()}'" : "es")}; a classifier "
                    + "needs two or more: a sub-folder of images for each."
            );
    }

    /// <summary>The number of rows.</summary>
    public static int Count(IDataView view) => (int)(view.GetRowCount() ?? Texts(view, "ImagePath").Count);

    /// <summary>The values of a text column.</summary>
    public static IReadOnlyList<string> Texts(IDataView view, string column) =>
        [.. view.GetColumn<ReadOnlyMemory<char>>(column).Select(text => text.ToString())];

    /// <summary>The image files of a folder, with those of its sub-folders, or the file itself.</summary>
    /// <exception cref="UsageException">There is nothing there.</exception>
    public static IEnumerable<string> Find(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new UsageException($"There is no file or folder '{Path.GetFullPath(path)}'.");
        string[] found = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsImage).Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new UsageException($"The folder '{Path.GetFullPath(path)}' holds no images.");
    }

    /// <summary>True for the extensions that folders of classes are read with.</summary>
    private static bool IsImage(string file) => Extensions.Contains(Path.GetExtension(file).TrimStart('.'));

    private static readonly HashSet<string> Extensions = new(new LoadFolderOptions().Extensions, StringComparer.OrdinalIgnoreCase);
}
