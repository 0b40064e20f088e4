using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.FineTune.Recipes;

namespace Microsoft.ML;

/// <summary>Fine-tunes pretrained networks for images.</summary>
public static class FineTuneCatalog
{
    /// <summary>Creates an estimator that fine-tunes a pretrained network as an image classifier; only a new head is trained.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="imageColumnName">The image column: an MLImage, a file's path (text), a file's bytes (vector of Byte), or pixels (vector
    /// of Single).</param>
    /// <param name="scoreColumnName">The output column with a probability for each class.</param>
    /// <param name="predictedLabelColumnName">The output column with the most probable class.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no backbone.</exception>
    public static FineTuneEstimator FineTune(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        Backbone backbone,
        string labelColumnName = DefaultColumnNames.Label,
        string imageColumnName = DefaultColumnNames.Image,
        string scoreColumnName = DefaultColumnNames.Score,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel
    ) =>
        catalog.FineTune(
            new FineTuneOptions
            {
                Backbone = backbone,
                LabelColumnName = labelColumnName,
                ImageColumnName = imageColumnName,
                ScoreColumnName = scoreColumnName,
                PredictedLabelColumnName = predictedLabelColumnName,
            }
        );

    /// <summary>
    /// Creates an estimator that fine-tunes a pretrained network with settings it chooses itself: the backbone, the images' size, the layers
    /// to train and the epochs.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="timeBudget">The time for everything.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="imageColumnName">The image column: an MLImage, a file's path (text), or a file's bytes (vector of Byte).</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public static FineTuneAutoEstimator FineTuneAuto(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        TimeSpan timeBudget,
        string labelColumnName = DefaultColumnNames.Label,
        string imageColumnName = DefaultColumnNames.Image
    ) =>
        catalog.FineTuneAuto(
            new FineTuneRecipeOptions
            {
                TimeBudget = timeBudget,
                LabelColumnName = labelColumnName,
                ImageColumnName = imageColumnName,
            }
        );

    /// <inheritdoc cref="FineTuneAuto(MulticlassClassificationCatalog.MulticlassClassificationTrainers, TimeSpan, string, string)"
    /// path="/summary"/>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">What is fixed; it is copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range; the message lists all of them.</exception>
    public static FineTuneAutoEstimator FineTuneAuto(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        FineTuneRecipeOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return new FineTuneAutoEstimator(CatalogContext.Of(catalog), options);
    }

    /// <summary>Creates an estimator that fine-tunes a pretrained network for images.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">All settings; they are copied. <see cref="ImageTrainerOptions.Task"/> may be any except
    /// <see cref="ImageTask.Regression"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no backbone, or the task is regression.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range or contradict each other; the message lists all of
    /// them.</exception>
    public static FineTuneEstimator FineTune(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        FineTuneOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Task == ImageTask.Regression)
            throw new ArgumentException($"Task is {ImageTask.Regression}. ml.Regression.Trainers.FineTune trains it.", nameof(options));
        return new FineTuneEstimator(CatalogContext.Of(catalog), options);
    }

    /// <summary>Creates an estimator that fine-tunes a pretrained network to predict a number.</summary>
    /// <param name="catalog">The catalog, <c>ml.Regression.Trainers</c>.</param>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="labelColumnName">The label column, Single.</param>
    /// <param name="imageColumnName">The image column: an MLImage, a file's path (text), a file's bytes (vector of Byte), or pixels (vector
    /// of Single).</param>
    /// <param name="scoreColumnName">The output column with the number.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no backbone.</exception>
    public static FineTuneEstimator FineTune(
        this RegressionCatalog.RegressionTrainers catalog,
        Backbone backbone,
        string labelColumnName = DefaultColumnNames.Label,
        string imageColumnName = DefaultColumnNames.Image,
        string scoreColumnName = DefaultColumnNames.Score
    ) =>
        catalog.FineTune(
            new FineTuneOptions
            {
                Backbone = backbone,
                LabelColumnName = labelColumnName,
                ImageColumnName = imageColumnName,
                ScoreColumnName = scoreColumnName,
            }
        );

    /// <inheritdoc cref="FineTune(RegressionCatalog.RegressionTrainers, Backbone, string, string, string)" path="/summary"/>
    /// <param name="catalog">The catalog, <c>ml.Regression.Trainers</c>.</param>
    /// <param name="options">All settings; they are copied. <see cref="ImageTrainerOptions.Task"/> becomes
    /// <see cref="ImageTask.Regression"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no backbone, or the task is one of labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range or contradict each other; the message lists all of
    /// them.</exception>
    public static FineTuneEstimator FineTune(this RegressionCatalog.RegressionTrainers catalog, FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Task is ImageTask.MultiLabel or ImageTask.Ordinal)
            throw new ArgumentException(
                $"Task is {options.Task}. ml.MulticlassClassification.Trainers.FineTune trains it.",
                nameof(options)
            );
        options = options.Clone();
        options.Task = ImageTask.Regression;
        return new FineTuneEstimator(CatalogContext.Of(catalog), options);
    }
}
