using MLNetExtensions.Data.Schema;
using MLNetExtensions.Uncertainty.Outliers;

namespace Microsoft.ML;

/// <summary>Tells images that are unlike those of the training set.</summary>
public static class OutlierCatalog
{
    /// <summary>Creates an estimator that tells rows unlike those that it is fitted to, by the distance to their neighbors.</summary>
    /// <param name="catalog">The catalog, <c>ml.AnomalyDetection.Trainers</c>.</param>
    /// <param name="featureColumnName">The column of features, a vector of Single of known size.</param>
    /// <param name="score">What makes a row unlike them; null for <see cref="NearestNeighborScore"/>.</param>
    /// <exception cref="ArgumentException">The column's name is empty.</exception>
    /// <example><code>
    /// var outliers = ml.Transforms.ExtractImageFeatures("Features", "ImagePath", backbone)
    ///     .Append(ml.AnomalyDetection.Trainers.Outliers());
    /// </code></example>
    public static OutlierEstimator Outliers(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        string featureColumnName = "Features",
        OutlierScore? score = null
    ) => catalog.Outliers(new OutlierOptions { FeatureColumnName = featureColumnName, Score = score ?? new NearestNeighborScore() });

    /// <summary>Creates an estimator that tells rows unlike those that it is fitted to.</summary>
    /// <param name="catalog">The catalog, <c>ml.AnomalyDetection.Trainers</c>.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range; the message lists all of them.</exception>
    public static OutlierEstimator Outliers(this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog, OutlierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OutlierEstimator(CatalogContext.Of(catalog), options);
    }
}
