using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Trainers.TrainSegmenter;

namespace Microsoft.ML;

/// <summary>Trains semantic segmentation networks.</summary>
public static class TrainSegmenterCatalog
{
    /// <summary>Creates an estimator that trains a segmentation network on a pretrained backbone.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="labelColumnName">The column of masks: paths or bytes of PNG and BMP files, as <c>ml.Data.LoadFromMasks</c> makes it.</param>
    /// <param name="imageColumnName">The image column: a file's path (text), a file's bytes (vector of Byte), or an MLImage.</param>
    /// <param name="predictedLabelColumnName">The output column with the mask that was found.</param>
    /// <param name="epochs">The number of epochs that train all layers.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no backbone.</exception>
    public static TrainSegmenterEstimator TrainSegmenter(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        Backbone backbone,
        string labelColumnName = DefaultColumnNames.MaskPath,
        string imageColumnName = DefaultColumnNames.ImagePath,
        string predictedLabelColumnName = DefaultColumnNames.PredictedMask,
        int epochs = 60
    ) =>
        catalog.TrainSegmenter(
            new TrainSegmenterOptions
            {
                Backbone = backbone,
                LabelColumnName = labelColumnName,
                ImageColumnName = imageColumnName,
                PredictedLabelColumnName = predictedLabelColumnName,
                Epochs = epochs,
            }
        );

    /// <summary>Creates an estimator that trains a segmentation network on a pretrained backbone.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range or contradict each other; the message lists all of
    /// them.</exception>
    public static TrainSegmenterEstimator TrainSegmenter(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        TrainSegmenterOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TrainSegmenterEstimator(CatalogContext.Of(catalog), options);
    }
}
