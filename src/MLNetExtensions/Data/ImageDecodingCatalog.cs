using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;

namespace Microsoft.ML;

/// <summary>Decodes images as a step of a pipeline.</summary>
public static class ImageDecodingCatalog
{
    /// <summary>
    /// Loads images from paths or from encoded bytes, like <c>ml.Transforms.LoadImages</c>, but upright (the EXIF orientation that cameras
    /// write is applied), and with an <see cref="InvalidImageException"/> for every file that is missing, truncated or not an image.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Transforms</c>.</param>
    /// <param name="outputColumnName">The image column to make.</param>
    /// <param name="inputColumnName">
    /// A text column with the paths of image files, or a column of encoded images (<c>byte[]</c>); null for
    /// <paramref name="outputColumnName"/>.
    /// </param>
    /// <example><code>
    /// var pipeline = ml.Transforms.DecodeImages("Image", "ImagePath").Append(ml.Transforms.ResizeImages("Image", 224, 224));
    /// </code></example>
    public static ImageLoadingEstimator DecodeImages(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null
    ) => new(CatalogContext.Of(catalog), outputColumnName, inputColumnName ?? outputColumnName);
}
