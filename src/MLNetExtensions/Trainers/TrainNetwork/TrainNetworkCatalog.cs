using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;

namespace Microsoft.ML;

/// <summary>Trains networks for images from scratch.</summary>
public static class TrainNetworkCatalog
{
    /// <summary>Creates an estimator that trains an image classifier from scratch.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="network">The network, built for images of 32x32: a ready-made one or your own.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="imageColumnName">The image column: an MLImage, a file's path (text), a file's bytes (vector of Byte), or pixels (vector
    /// of Single).</param>
    /// <param name="scoreColumnName">The output column with a probability for each class.</param>
    /// <param name="predictedLabelColumnName">The output column with the most probable class.</param>
    /// <param name="epochs">The number of epochs: passes over the training set.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no network.</exception>
    public static TrainNetworkEstimator TrainNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        Network network,
        string labelColumnName = DefaultColumnNames.Label,
        string imageColumnName = DefaultColumnNames.Image,
        string scoreColumnName = DefaultColumnNames.Score,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel,
        int epochs = 10
    ) =>
        catalog.TrainNetwork(
            new TrainNetworkOptions
            {
                Network = network,
                LabelColumnName = labelColumnName,
                ImageColumnName = imageColumnName,
                ScoreColumnName = scoreColumnName,
                PredictedLabelColumnName = predictedLabelColumnName,
                Epochs = epochs,
            }
        );

    /// <summary>Creates an estimator that trains a network for images from scratch.</summary>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentException">There is no network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range or contradict each other; the message lists all of
    /// them.</exception>
    public static TrainNetworkEstimator TrainNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        TrainNetworkOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Task == ImageTask.Regression)
            throw new ArgumentException($"Task is {ImageTask.Regression}. ml.Regression.Trainers.TrainNetwork trains it.", nameof(options));
        return new TrainNetworkEstimator(CatalogContext.Of(catalog), options);
    }

    /// <summary>Creates an estimator that trains a network from scratch to predict a number.</summary>
    /// <param name="catalog">The catalog, <c>ml.Regression.Trainers</c>.</param>
    /// <param name="network">The network, built for images of 32x32: a ready-made one or your own.</param>
    /// <param name="labelColumnName">The label column, Single.</param>
    /// <param name="imageColumnName">The image column: an MLImage, a file's path (text), a file's bytes (vector of Byte), or pixels (vector
    /// of Single).</param>
    /// <param name="scoreColumnName">The output column with the number.</param>
    /// <param name="epochs">The number of epochs: passes over the training set.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no network.</exception>
    public static TrainNetworkEstimator TrainNetwork(
        this RegressionCatalog.RegressionTrainers catalog,
        Network network,
        string labelColumnName = DefaultColumnNames.Label,
        string imageColumnName = DefaultColumnNames.Image,
        string scoreColumnName = DefaultColumnNames.Score,
        int epochs = 10
    ) =>
        catalog.TrainNetwork(
            new TrainNetworkOptions
            {
                Network = network,
                LabelColumnName = labelColumnName,
                ImageColumnName = imageColumnName,
                ScoreColumnName = scoreColumnName,
                Epochs = epochs,
            }
        );

    /// <inheritdoc cref="TrainNetwork(RegressionCatalog.RegressionTrainers, Network, string, string, string, int)" path="/summary"/>
    /// <param name="catalog">The catalog, <c>ml.Regression.Trainers</c>.</param>
    /// <param name="options">All settings; they are copied. <see cref="ImageTrainerOptions.Task"/> becomes
    /// <see cref="ImageTask.Regression"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no network, or the task is one of labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range or contradict each other; the message lists all of
    /// them.</exception>
    public static TrainNetworkEstimator TrainNetwork(this RegressionCatalog.RegressionTrainers catalog, TrainNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Task is ImageTask.MultiLabel or ImageTask.Ordinal)
            throw new ArgumentException(
                $"Task is {options.Task}. ml.MulticlassClassification.Trainers.TrainNetwork trains it.",
                nameof(options)
            );
        options = options.Clone();
        options.Task = ImageTask.Regression;
        return new TrainNetworkEstimator(CatalogContext.Of(catalog), options);
    }
}
