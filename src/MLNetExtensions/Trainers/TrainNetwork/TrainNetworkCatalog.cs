using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Trainers.TrainNetwork;

namespace Microsoft.ML;

public sealed partial class VisionCatalog
{
    /// <summary>Creates an estimator that trains an image classifier from scratch.</summary>
    /// <param name="network">The network, built for images of 32x32: a ready-made one or your own.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="imageColumnName">The image column: an MLImage, a file's path (text), a file's bytes (vector of Byte), or pixels (vector of Single).</param>
    /// <param name="scoreColumnName">The output column with a probability for each class.</param>
    /// <param name="predictedLabelColumnName">The output column with the most probable class.</param>
    /// <param name="epochs">The number of epochs: passes over the training set.</param>
    /// <exception cref="ArgumentException">There is no network.</exception>
    public TrainNetworkEstimator TrainNetwork(
        Network network,
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        int epochs = 10) =>
        TrainNetwork(new TrainNetworkOptions
        {
            Network = network,
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            Epochs = epochs,
        });

    /// <summary>Creates an estimator that trains a network for images from scratch.</summary>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentException">There is no network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range or contradict each other; the message lists all of them.</exception>
    public TrainNetworkEstimator TrainNetwork(TrainNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TrainNetworkEstimator(Context, options);
    }
}
