using MLNetExtensions.Data;
using MLNetExtensions.Data.Boxes;

namespace Microsoft.ML;

/// <summary>Loads images with boxes around objects, in COCO's format.</summary>
public static class CocoCatalog
{
    /// <summary>
    /// Reads the annotations of a COCO JSON file (object detection): columns <c>ImagePath</c> (text, the full path), <c>Label</c> (a vector of
    /// keys, a class for each object, in the order of the categories' ids), <c>BoundingBoxes</c> (a vector of Single: left, top, right,
    /// bottom of each object, in pixels) and <c>IsCrowd</c> (a vector of Boolean). Images without objects are rows too. No image is read
    /// yet.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="path">The JSON file, with <c>images</c>, <c>annotations</c> and <c>categories</c>. Masks in it are not read.</param>
    /// <param name="options">The folder of the images, and what is checked; null for the defaults.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist, or images that it names are missing.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is malformed, or an annotation names an image or a category that is not there, or a box cannot be
    /// right and <see cref="LoadBoxesOptions.InvalidBoxes"/> refuses it; the message names the annotation.
    /// </exception>
    /// <remarks>The format: https://cocodataset.org/#format-data. Boxes that reach up to a pixel over the image's edge are kept
    /// as they are.</remarks>
    /// <example><code>IDataView images = ml.Data.LoadFromCoco("annotations/train.json", new() { ImageFolder = "train" });</code></example>
    public static IDataView LoadFromCoco(this DataOperationsCatalog catalog, string path, LoadCocoOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new LoadCocoOptions();
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'. Expected annotations in COCO's JSON format.", path);
        string folder = Path.GetFullPath(options.ImageFolder ?? Path.GetDirectoryName(path)!);
        var check = new BoxCheck(path, options.InvalidBoxes);
        return CocoAnnotations.Read(path, folder, options, check).Load(catalog, nameof(LoadFromCoco), path, options, check);
    }
}
