using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Sources;

namespace Microsoft.ML;

/// <summary>Loads images from folders.</summary>
public static class ImageFolderCatalog
{
    /// <summary>
    /// Lists a folder of images: columns <c>ImagePath</c> (text, the full path) and <c>Label</c> (text, the sub-folder's name), in the
    /// ordinal order of the paths. No image is read yet. Images of unsupported formats, and folders without images, cause warnings in the
    /// log; <c>Inspect</c> lists them too.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="folder">The folder: one sub-folder of images per label, unless the options say otherwise.</param>
    /// <param name="options">The source of labels and the files to include; null for the defaults.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or it has no sub-folders.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no images.</exception>
    /// <exception cref="InvalidDataException">An image has no label, or a linked folder leads back to itself.</exception>
    /// <example><code>IDataView photos = ml.Data.LoadFromImageFolder("photos"); // photos/cat/1.jpg, photos/dog/1.jpg, ...</code></example>
    public static IDataView LoadFromImageFolder(this DataOperationsCatalog catalog, string folder, LoadFolderOptions? options = null) =>
        catalog.LoadFromImageFolder([folder], options);

    /// <summary>
    /// Lists the images of several folders as one view, each laid out as for
    /// <see cref="LoadFromImageFolder(DataOperationsCatalog, string, LoadFolderOptions)"/>.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="folders">The folders; none may be inside another.</param>
    /// <param name="options">The source of labels and the files to include; null for the defaults.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="ArgumentException">There are no folders, or two overlap.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or it has no sub-folders.</exception>
    /// <exception cref="FileNotFoundException">The folders hold no images.</exception>
    /// <exception cref="InvalidDataException">An image has no label, or a linked folder leads back to itself.</exception>
    public static IDataView LoadFromImageFolder(
        this DataOperationsCatalog catalog,
        IReadOnlyList<string> folders,
        LoadFolderOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(folders);
        if (folders.Count == 0)
            throw new ArgumentException("There are no folders.", nameof(folders));
        options ??= new LoadFolderOptions();
        var leftOut = new LeftOutFiles(options.LabelSource == ImageLabelSource.FolderName);
        List<(string Path, string Label)> images = ImageFolder.List(folders, options, leftOut);
        DataViewSchema.Annotations? notes = leftOut.Report(CatalogContext.Of(catalog), string.Join("', '", folders));
        List<SourceColumn> columns = [new TextColumn(DefaultColumnNames.ImagePath, row => images[row].Path) { Annotations = notes }];
        if (options.LabelSource != ImageLabelSource.None)
            columns.Add(new TextColumn(DefaultColumnNames.Label, row => images[row].Label));
        return new SourceView(images.Count, isSequential: false, columns);
    }
}
