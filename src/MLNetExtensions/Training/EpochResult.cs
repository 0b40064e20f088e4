namespace MLNetExtensions.Training;

/// <summary>The metrics of one epoch, over the whole training and validation sets.</summary>
/// <param name="Phase">The phase: training of the head or of the backbone.</param>
/// <param name="Epoch">The epoch within its phase, from 1.</param>
/// <param name="TrainLoss">The mean loss of the training rows, as seen while training.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows; null without a validation set.</param>
/// <param name="ValidationAccuracy">
/// The fraction of validation rows predicted correctly (of labels, if a row has several); null without a validation set, and if the label
/// is a number.
/// </param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="Duration">The time taken, validation included.</param>
public sealed record EpochResult(
    TrainingPhase Phase,
    int Epoch,
    double TrainLoss,
    double? ValidationLoss,
    double? ValidationAccuracy,
    float LearningRate,
    TimeSpan Duration
)
{
    /// <summary>
    /// The mean absolute error of the validation rows: in the label's unit if it is a number, in levels if it is
    /// a level; null without a validation set, and if labels have no distance.
    /// </summary>
    public double? ValidationMeanAbsoluteError { get; init; }

    /// <summary>
    /// COCO's mean average precision at an IoU of 0.5 of the validation images, 0 to 1, of boxes with a score of 0.01 at least; null unless a
    /// detector is trained, and without objects to find.
    /// </summary>
    public double? ValidationMeanAveragePrecision50 { get; init; }

    /// <summary>
    /// The mean IoU over the classes of the validation images' pixels, 0 to 1, in the network's size; null unless a segmentation network is
    /// trained.
    /// </summary>
    public double? ValidationMeanIoU { get; init; }

    /// <summary>The part of <see cref="Duration"/> that training waited for rows to be read, decoded or augmented.</summary>
    public TimeSpan DataWait { get; init; }

    /// <summary>The fraction of the time that training waited for data, 0 to 1.</summary>
    public double DataWaitFraction => Duration > TimeSpan.Zero ? DataWait / Duration : 0;
}
