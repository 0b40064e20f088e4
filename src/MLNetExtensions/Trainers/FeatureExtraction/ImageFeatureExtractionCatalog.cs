using MLNetExtensions.Backbones;
using MLNetExtensions.Trainers.FeatureExtraction;

namespace Microsoft.ML;

public sealed partial class VisionCatalog
{
    /// <summary>Creates an estimator that turns images into a backbone's features.</summary>
    /// <param name="outputColumnName">The output column, a vector of Single.</param>
    /// <param name="inputColumnName">The image column: an MLImage, a file's path (text), a file's bytes (vector of Byte), or pixels (vector of Single). Null for the output column's name.</param>
    /// <param name="backbone">The pretrained network.</param>
    /// <exception cref="ArgumentException">A column name is empty or there is no backbone.</exception>
    public ImageFeatureExtractionEstimator ExtractImageFeatures(string outputColumnName, string? inputColumnName, Backbone backbone) =>
        ExtractImageFeatures(new ImageFeatureExtractionOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName ?? outputColumnName,
            Backbone = backbone,
        });

    /// <summary>Creates an estimator that turns images into a backbone's features.</summary>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentException">A column name is empty or there is no backbone.</exception>
    public ImageFeatureExtractionEstimator ExtractImageFeatures(ImageFeatureExtractionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ImageFeatureExtractionEstimator(Context, options);
    }
}
