using MLNetExtensions.Data;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Sources;

namespace Microsoft.ML;

/// <summary>Loads images with masks: a class for each pixel.</summary>
public static class MaskCatalog
{
    /// <summary>
    /// Pairs the images of a folder with the masks of another, by their paths without extension: columns <c>ImagePath</c> and
    /// <c>MaskPath</c> (text, full paths). Classes and the meaning of pixels are annotations of <c>MaskPath</c>. No file is read yet.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="imageFolder">The folder of the images.</param>
    /// <param name="maskFolder">The folder of the masks: PNG or BMP files of as many pixels as their upright images. It may be the images'
    /// own if <see cref="LoadMasksOptions.MaskSuffix"/> is set.</param>
    /// <param name="options">The classes, and what pixels mean.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="DirectoryNotFoundException">One of the folders does not exist.</exception>
    /// <exception cref="FileNotFoundException">An image has no mask, or a mask no image; the message names the first.</exception>
    /// <exception cref="ArgumentException">Classes or colors do not fit together.</exception>
    /// <example><code>IDataView images = ml.Data.LoadFromMasks("images", "masks", new() { Classes = ["background", "road"] });</code></example>
    public static IDataView LoadFromMasks(
        this DataOperationsCatalog catalog,
        string imageFolder,
        string maskFolder,
        LoadMasksOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(imageFolder);
        ArgumentException.ThrowIfNullOrWhiteSpace(maskFolder);
        ArgumentNullException.ThrowIfNull(options);
        imageFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(imageFolder));
        MaskClasses classes = MaskOptions.Classes(options);
        var leftOut = new LeftOutFiles(classesAreFolders: false);
        List<(string Image, string Mask)> pairs = MaskFolders.Pair(
            imageFolder,
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(maskFolder)),
            options,
            leftOut
        );
        return View(pairs, classes, leftOut.Report(CatalogContext.Of(catalog), imageFolder));
    }

    /// <summary>Pairs images with masks: columns <c>ImagePath</c> and <c>MaskPath</c>, like the other method.</summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="pairs">The file of each image, and that of its mask.</param>
    /// <param name="options">The classes, and what pixels mean; suffixes and the image set have no use here.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="FileNotFoundException">Files are missing; the message names the first.</exception>
    /// <exception cref="ArgumentException">There are no pairs, or classes or colors do not fit together.</exception>
    public static IDataView LoadFromMasks(
        this DataOperationsCatalog catalog,
        IEnumerable<KeyValuePair<string, string>> pairs,
        LoadMasksOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(options);
        MaskClasses classes = MaskOptions.Classes(options);
        List<(string Image, string Mask)> all = [.. pairs.Select(pair => (Path.GetFullPath(pair.Key), Path.GetFullPath(pair.Value)))];
        if (all.Count == 0)
            throw new ArgumentException("There are no pairs of images and masks.", nameof(pairs));
        string[] missing = options.CheckFiles
            ? [.. all.SelectMany(pair => new[] { pair.Image, pair.Mask }).Where(path => !File.Exists(path))]
            : [];
        return missing.Length == 0
            ? View(all, classes, notes: null)
            : throw new FileNotFoundException(
                $"{missing.Length} files of the {all.Count} pairs do not exist: '{missing[0]}'{(missing.Length > 1 ? " ..." : "")}.",
                missing[0]
            );
    }

    private static SourceView View(List<(string Image, string Mask)> pairs, MaskClasses classes, DataViewSchema.Annotations? notes) =>
        new(
            pairs.Count,
            isSequential: false,
            new TextColumn(DefaultColumnNames.ImagePath, row => pairs[row].Image) { Annotations = notes },
            new TextColumn(DefaultColumnNames.MaskPath, row => pairs[row].Mask) { Annotations = classes.ToAnnotations() }
        );
}
