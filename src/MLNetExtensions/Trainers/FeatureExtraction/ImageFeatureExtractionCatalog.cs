using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Trainers.FeatureExtraction;

namespace Microsoft.ML;

/// <summary>Turns images into features.</summary>
public static class ImageFeatureExtractionCatalog
{
    /// <summary>Creates an estimator that turns images into a backbone's features.</summary>
    /// <param name="catalog">The catalog, <c>ml.Transforms</c>.</param>
    /// <param name="outputColumnName">The output column, a vector of Single.</param>
    /// <param name="inputColumnName">The image column: an MLImage, a file's path (text), a file's bytes (vector of Byte), or pixels (vector
    /// of Single). Null for the output column's name.</param>
    /// <param name="backbone">The pretrained network.</param>
    /// <exception cref="ArgumentException">A column name is empty or there is no backbone.</exception>
    public static ImageFeatureExtractionEstimator ExtractImageFeatures(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        Backbone backbone
    ) =>
        catalog.ExtractImageFeatures(
            new ImageFeatureExtractionOptions
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName ?? outputColumnName,
                Backbone = backbone,
            }
        );

    /// <summary>Creates an estimator that turns images into a backbone's features.</summary>
    /// <param name="catalog">The catalog, <c>ml.Transforms</c>.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentException">A column name is empty or there is no backbone.</exception>
    public static ImageFeatureExtractionEstimator ExtractImageFeatures(
        this TransformsCatalog catalog,
        ImageFeatureExtractionOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ImageFeatureExtractionEstimator(CatalogContext.Of(catalog), options);
    }
}
