using MLNetExtensions.Data;
using MLNetExtensions.Imaging;

namespace Microsoft.ML;

public sealed partial class VisionCatalog
{
    /// <summary>
    /// Loads images from paths or from encoded bytes, like <c>ml.Transforms.LoadImages</c>, but upright (the EXIF orientation that cameras
    /// write is applied), and with an <see cref="InvalidImageException"/> for every file that is missing, truncated or not an image.
    /// </summary>
    /// <param name="outputColumnName">The image column to make.</param>
    /// <param name="inputColumnName">
    /// A text column with the paths of image files, or a column of encoded images (<c>byte[]</c>); null takes <paramref name="outputColumnName"/>.
    /// </param>
    /// <example><code>
    /// var pipeline = ml.Vision().LoadImages("Image", "ImagePath").Append(ml.Transforms.ResizeImages("Image", 224, 224));
    /// </code></example>
    public ImageLoadingEstimator LoadImages(string outputColumnName, string? inputColumnName = null) =>
        new(Context, outputColumnName, inputColumnName ?? outputColumnName);
}
