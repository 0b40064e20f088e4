using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Data.Sources;

/// <summary>
/// The files in a folder or an archive that are not read as images. They are counted, logged, and noted on the ImagePath column, where
/// Inspect finds them.
/// </summary>
/// <param name="classesAreFolders">True if the first folder of a path is a class.</param>
internal sealed class LeftOutFiles(bool classesAreFolders)
{
    private const string Kind = "MLNetExtensions.LeftOut";

    // Formats of images that Skia does not decode.
    private static readonly HashSet<string> Images = new(StringComparer.OrdinalIgnoreCase)
    {
        ".tif",
        ".tiff",
        ".heic",
        ".heif",
        ".avif",
        ".jp2",
        ".j2k",
        ".jpx",
        ".jxl",
        ".ico",
        ".svg",
        ".psd",
        ".raw",
        ".cr2",
        ".cr3",
        ".nef",
        ".arw",
        ".dng",
        ".orf",
        ".rw2",
        ".tga",
        ".pcx",
        ".ppm",
        ".pgm",
        ".pbm",
        ".pnm",
        ".exr",
        ".hdr",
        ".dcm",
    };

    private readonly SortedDictionary<string, SortedDictionary<string, int>> _countOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _emptyFolders = new(StringComparer.Ordinal);

    /// <summary>Records a file that is not a readable image.</summary>
    /// <param name="relative">Its path below the root, separated by '/'.</param>
    public void Add(string relative)
    {
        string extension = Path.GetExtension(relative);
        if (!_countOf.TryGetValue(extension, out SortedDictionary<string, int>? places))
            _countOf.Add(extension, places = new SortedDictionary<string, int>(StringComparer.Ordinal));
        int end = relative.IndexOf('/', StringComparison.Ordinal);
        string place = end < 0 ? "" : relative[..end];
        places[place] = places.GetValueOrDefault(place) + 1;
    }

    /// <summary>Notes folders of which some are no class, since nothing in them is read.</summary>
    /// <param name="folders">The names of all first folders.</param>
    /// <param name="labels">The classes.</param>
    public void AddFolders(IEnumerable<string> folders, IEnumerable<string> labels)
    {
        if (classesAreFolders)
            _emptyFolders.UnionWith(folders.Except(labels, StringComparer.Ordinal));
    }

    /// <summary>Logs what was left out.</summary>
    /// <returns>The annotations of the column of paths: what a user would miss.</returns>
    public DataViewSchema.Annotations? Report(MLContext context, string source)
    {
        string[] missed = [.. Missed()];
        string[] others = [.. _countOf.Where(e => !Images.Contains(e.Key)).Select(e => $"{e.Value.Values.Sum()} {Shown(e.Key)}")];
        if (missed.Length + others.Length > 0)
        {
            using IChannel channel = ((IHostEnvironment)context).Register("MLNetExtensions").Start("Loading");
            foreach (string line in missed)
                channel.Warning(MessageSensitivity.UserData, "{0}", $"'{source}': {line}");
            if (others.Length > 0)
                channel.Info(
                    MessageSensitivity.UserData,
                    "{0}",
                    $"'{source}': files that are no images were passed over: {string.Join(", ", others)}."
                );
        }
        if (missed.Length == 0)
            return null;
        ReadOnlyMemory<char>[] texts = [.. missed.Select(line => line.AsMemory())];
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(
            Kind,
            new VectorDataViewType(TextDataViewType.Instance, texts.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(texts.Length, texts)
        );
        return builder.ToAnnotations();
    }

    /// <summary>The files left out of the images that a view lists.</summary>
    public static IEnumerable<string> Of(DataViewSchema schema)
    {
        if (
            schema.GetColumnOrNull(DefaultColumnNames.ImagePath) is not { } column
            || column.Annotations.Schema.GetColumnOrNull(Kind) is null
        )
            return [];
        VBuffer<ReadOnlyMemory<char>> lines = default;
        column.Annotations.GetValue(Kind, ref lines);
        return lines.DenseValues().Select(line => $"{line}");
    }

    private IEnumerable<string> Missed()
    {
        foreach ((string extension, SortedDictionary<string, int> places) in _countOf.Where(e => Images.Contains(e.Key)))
        {
            string where = string.Join(
                ", ",
                places.Select(p => p.Key.Length == 0 ? $"{p.Value} beside the folders" : $"{p.Value} in {p.Key}")
            );
            yield return $"{places.Values.Sum()} {Shown(extension)} files were left out ({where}): this format is not read. Convert "
                + $"them to PNG or JPEG.";
        }
        foreach (string folder in _emptyFolders)
            yield return $"The folder '{folder}' holds no images that are read, so that there is no class '{folder}'.";
    }

    private static string Shown(string extension) => extension.Length == 0 ? "without an extension" : extension;
}
