using MLNetExtensions.Data;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Imaging;

namespace Microsoft.ML;

/// <summary>Loads images with boxes around objects, in YOLO's format.</summary>
public static class YoloCatalog
{
    /// <summary>
    /// Reads annotations in YOLO's format (darknet, Ultralytics): folders <c>images</c> and <c>labels</c> with files of the same names, a
    /// line for each object with its class and its center, width and height as fractions of the upright image. The columns are those of
    /// <see cref="CocoCatalog.LoadFromCoco"/>: <c>ImagePath</c>, <c>Label</c>, <c>BoundingBoxes</c> (pixels), <c>IsCrowd</c> (always
    /// false). Images without a file of labels are rows without objects. A polygon counts with its box. The images' headers are read.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="folder">The folder above <c>images</c> and <c>labels</c>.</param>
    /// <param name="options">Folders, classes, and what is checked; null for the defaults.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="DirectoryNotFoundException">One of the folders does not exist.</exception>
    /// <exception cref="FileNotFoundException">There are no images, or files of labels without their images.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is malformed, there are no class names, or a box cannot be right and <see cref="LoadBoxesOptions.InvalidBoxes"/> refuses it;
    /// the message names file and line.
    /// </exception>
    /// <exception cref="InvalidImageException">The header of an image with objects cannot be read.</exception>
    /// <remarks>The format: https://docs.ultralytics.com/datasets/detect/.</remarks>
    /// <example><code>IDataView images = ml.Data.LoadFromYolo("signs", new() { Part = "train" });</code></example>
    public static IDataView LoadFromYolo(this DataOperationsCatalog catalog, string folder, LoadYoloOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new LoadYoloOptions();
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'. Expected folders images and labels, YOLO's layout.");
        var check = new BoxCheck(folder, options.InvalidBoxes);
        return YoloAnnotations.Read(folder, options, check).Load(catalog, nameof(LoadFromYolo), folder, options, check);
    }
}
