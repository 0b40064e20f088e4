using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Trainers.TrainDetector;

namespace Microsoft.ML;

/// <summary>Trains object detectors.</summary>
public static class TrainDetectorCatalog
{
    /// <summary>Creates an estimator that trains an object detector on a pretrained backbone.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="labelColumnName">The column with a key for each object.</param>
    /// <param name="boundingBoxesColumnName">The column with left, top, right and bottom of each object, in pixels of the upright image.</param>
    /// <param name="imageColumnName">The image column: a file's path (text), a file's bytes (vector of Byte), or an MLImage.</param>
    /// <param name="predictedLabelColumnName">The output column with a key for each object that was found, best first.</param>
    /// <param name="predictedBoundingBoxesColumnName">The output column with their boxes.</param>
    /// <param name="scoreColumnName">The output column with their scores.</param>
    /// <param name="epochs">The number of epochs that train all layers.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no backbone.</exception>
    public static TrainDetectorEstimator TrainDetector(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        Backbone backbone,
        string labelColumnName = DefaultColumnNames.Label,
        string boundingBoxesColumnName = DefaultColumnNames.BoundingBoxes,
        string imageColumnName = DefaultColumnNames.ImagePath,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel,
        string predictedBoundingBoxesColumnName = DefaultColumnNames.PredictedBoundingBoxes,
        string scoreColumnName = DefaultColumnNames.Score,
        int epochs = 60
    ) =>
        catalog.TrainDetector(
            new TrainDetectorOptions
            {
                Backbone = backbone,
                LabelColumnName = labelColumnName,
                BoundingBoxesColumnName = boundingBoxesColumnName,
                ImageColumnName = imageColumnName,
                PredictedLabelColumnName = predictedLabelColumnName,
                PredictedBoundingBoxesColumnName = predictedBoundingBoxesColumnName,
                ScoreColumnName = scoreColumnName,
                Epochs = epochs,
            }
        );

    /// <summary>Creates an estimator that trains an object detector on a pretrained backbone.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range or contradict each other; the message lists all of
    /// them.</exception>
    public static TrainDetectorEstimator TrainDetector(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        TrainDetectorOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TrainDetectorEstimator(CatalogContext.Of(catalog), options);
    }
}
