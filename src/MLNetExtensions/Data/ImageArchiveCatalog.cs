using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Sources;

namespace Microsoft.ML;

/// <summary>Loads images from zip and tar files.</summary>
public static class ImageArchiveCatalog
{
    /// <summary>
    /// Lists the images of a zip, tar or tar.gz file: columns <c>Image</c> (the encoded image, a vector of Byte, read from the archive when
    /// a cursor asks for it), <c>ImagePath</c> (text, the path in the archive) and <c>Label</c> (text, the folder's name), in the ordinal
    /// order of the paths; a tar.gz in its own order. Nothing is unpacked to disk.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="path">The archive; its format is detected from its first bytes.</param>
    /// <param name="options">The source of labels and the files to include; null for the defaults.</param>
    /// <returns>A view that can be read many times, and shuffled unless it is a tar.gz, which is read from its beginning each
    /// time.</returns>
    /// <exception cref="FileNotFoundException">There is no such archive, or it holds no images.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not an archive or is damaged; an entry leads out of it, is a link, is encrypted or too large; or an image has no label.
    /// </exception>
    /// <example><code>
    /// IDataView photos = ml.Data.LoadFromImageArchive("flowers.zip");
    /// var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.FineTune(backbone));
    /// </code></example>
    public static IDataView LoadFromImageArchive(this DataOperationsCatalog catalog, string path, LoadArchiveOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new LoadArchiveOptions();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxImageBytes, Array.MaxLength, nameof(options));
        path = Path.GetFullPath(path);
        var entries = new ArchiveEntries(path, options);
        ArchiveKind kind = ArchiveKinds.Of(path);
        if (kind == ArchiveKind.Zip)
            ZipStore.List(path, entries);
        else
            TarStore.List(path, kind == ArchiveKind.CompressedTar, entries);

        List<ArchiveEntry> images = entries.Images;
        if (kind != ArchiveKind.CompressedTar)
            images.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        string[] labels = entries.Labels();
        IImageStore store = kind switch
        {
            ArchiveKind.Zip => new ZipStore(path, images),
            ArchiveKind.Tar => new TarStore(path, images),
            _ => new CompressedTarStore(path, images),
        };
        return ImageView.Create(
            store,
            images.Count,
            row => images[row].Name,
            options.LabelSource == ImageLabelSource.None ? null : row => labels[row],
            isSequential: kind == ArchiveKind.CompressedTar,
            leftOut: entries.LeftOut(labels).Report(CatalogContext.Of(catalog), path)
        );
    }
}
