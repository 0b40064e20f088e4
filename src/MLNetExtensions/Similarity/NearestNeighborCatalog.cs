using MLNetExtensions.Data.Schema;
using MLNetExtensions.Similarity.Neighbors;

namespace Microsoft.ML;

/// <summary>Classifies by neighbors.</summary>
public static class NearestNeighborCatalog
{
    /// <summary>Creates an estimator that classifies by the most similar training rows.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="labelColumnName">The column with the class, a key.</param>
    /// <param name="featureColumnName">The column of features, a vector of Single of known size.</param>
    /// <param name="neighbors">The number of neighbors that vote.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer neighbors than 1.</exception>
    /// <example><code>
    /// var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(ml.Transforms.ExtractImageFeatures("Features", "ImagePath", backbone))
    ///     .Append(ml.MulticlassClassification.Trainers.NearestNeighbors());
    /// </code></example>
    public static NearestNeighborEstimator NearestNeighbors(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = "Features",
        int neighbors = 10
    ) =>
        catalog.NearestNeighbors(
            new NearestNeighborOptions
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                Neighbors = neighbors,
            }
        );

    /// <summary>Creates an estimator that classifies by the most similar training rows.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range; the message lists all of them.</exception>
    public static NearestNeighborEstimator NearestNeighbors(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        NearestNeighborOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return new NearestNeighborEstimator(CatalogContext.Of(catalog), options);
    }
}
