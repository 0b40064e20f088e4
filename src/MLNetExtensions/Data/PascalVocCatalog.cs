using MLNetExtensions.Data;
using MLNetExtensions.Data.Boxes;

namespace Microsoft.ML;

/// <summary>Loads images with boxes around objects, in Pascal VOC's format.</summary>
public static class PascalVocCatalog
{
    /// <summary>
    /// Reads annotations in Pascal VOC's format, an XML file an image, in the order of their names. The columns are those of
    /// <see cref="CocoCatalog.LoadFromCoco"/>: <c>ImagePath</c>, <c>Label</c>, <c>BoundingBoxes</c>, <c>IsCrowd</c> (objects marked as
    /// difficult, unless <see cref="LoadPascalVocOptions.CountDifficult"/>). Images without objects are rows too.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="folder">The folder of the XML files, or the one above <c>Annotations</c> and <c>JPEGImages</c>.</param>
    /// <param name="options">Folders, classes, conventions; null for the defaults.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">It has no annotations, or images are missing.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is malformed or has a DTD, or a box cannot be right and <see cref="LoadBoxesOptions.InvalidBoxes"/> refuses it; the message
    /// names file and line.
    /// </exception>
    /// <remarks>
    /// Pixels are counted from 1 and <c>xmax</c>, <c>ymax</c> are inside, so that a box is from <c>xmin - 1</c> to <c>xmax</c>;
    /// <see cref="LoadPascalVocOptions.CountFromOne"/>. The format: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/.
    /// </remarks>
    /// <example><code>IDataView images = ml.Data.LoadFromPascalVoc("VOC2012", new() { ImageSet = "VOC2012/ImageSets/Main/train.txt" });</code></example>
    public static IDataView LoadFromPascalVoc(this DataOperationsCatalog catalog, string folder, LoadPascalVocOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new LoadPascalVocOptions();
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'. Expected annotations in Pascal VOC's XML format.");
        var check = new BoxCheck(folder, options.InvalidBoxes);
        return PascalVocAnnotations.Read(folder, options, check).Load(catalog, nameof(LoadFromPascalVoc), folder, options, check);
    }
}
