using MLNetExtensions.Backbones;
using MLNetExtensions.Trainers.FineTune;

namespace Microsoft.ML;

public sealed partial class VisionCatalog
{
    /// <summary>Creates an estimator that fine-tunes a pretrained network as an image classifier; only a new head is trained.</summary>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="imageColumnName">The image column: an MLImage, a file's path (text), a file's bytes (vector of Byte), or pixels (vector of Single).</param>
    /// <param name="scoreColumnName">The output column with a probability for each class.</param>
    /// <param name="predictedLabelColumnName">The output column with the most probable class.</param>
    /// <exception cref="ArgumentException">There is no backbone.</exception>
    public FineTuneEstimator FineTune(
        Backbone backbone,
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel") =>
        FineTune(new FineTuneOptions
        {
            Backbone = backbone,
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
        });

    /// <summary>Creates an estimator that fine-tunes a pretrained network for images.</summary>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentException">There is no backbone, or two settings contradict each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public FineTuneEstimator FineTune(FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new FineTuneEstimator(Context, options);
    }
}
