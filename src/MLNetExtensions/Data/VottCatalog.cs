using MLNetExtensions.Data;
using MLNetExtensions.Data.Boxes;

namespace Microsoft.ML;

/// <summary>Loads images with boxes around objects, in VoTT's format.</summary>
public static class VottCatalog
{
    /// <summary>
    /// Reads the JSON export of VoTT, which ML.NET Model Builder's object detection takes. The columns are those of
    /// <see cref="CocoCatalog.LoadFromCoco"/>: <c>ImagePath</c>, <c>Label</c>, <c>BoundingBoxes</c>, <c>IsCrowd</c> (always false). Images
    /// without objects are rows too. A polygon counts with its box.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="path">The JSON file, with <c>assets</c> and <c>tags</c>.</param>
    /// <param name="options">The folder of the images, and what is checked; null for the defaults.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist, or images that it names are missing.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is malformed, a region has no tag or several, or a box cannot be right and <see cref="LoadBoxesOptions.InvalidBoxes"/>
    /// refuses it; the message names the region.
    /// </exception>
    /// <remarks>The format: https://github.com/microsoft/VoTT (export of the kind VoTT JSON).</remarks>
    /// <example><code>IDataView images = ml.Data.LoadFromVott("signs/vott-json-export/signs-export.json");</code></example>
    public static IDataView LoadFromVott(this DataOperationsCatalog catalog, string path, LoadVottOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new LoadVottOptions();
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'. Expected annotations in VoTT's JSON format.", path);
        var check = new BoxCheck(path, options.InvalidBoxes);
        return VottAnnotations.Read(path, options, check).Load(catalog, nameof(LoadFromVott), path, options, check);
    }
}
