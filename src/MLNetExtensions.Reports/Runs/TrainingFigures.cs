using MLNetExtensions.Reports.Content;
using MLNetExtensions.Training;

namespace MLNetExtensions.Reports.Runs;

/// <summary>A training run as the report has it.</summary>
internal static class TrainingFigures
{
    public static TrainingContent Of(TrainingResult training)
    {
        TrainingHistory history = training.History;
        return new TrainingContent
        {
            TrainingRows = training.TrainingRows,
            ValidationRows = training.ValidationRows,
            Runtime = history.Runtime,
            Device = history.Device,
            StopReason = history.StopReason.ToString(),
            StopMessage = history.StopMessage,
            BestEpoch = history.BestEpoch < 0 ? null : history.BestEpoch,
            Seconds = history.Epochs.Sum(epoch => epoch.Duration.TotalSeconds),
            DataWaitFraction = history.DataWaitFraction,
            Temperature = Finite.OrNull(training.Temperature?.Temperature),
            ResumedFrom = history.ResumedFrom,
            InvalidImages = training.InvalidImages.Count,
            Epochs =
            [
                .. history.Epochs.Select(epoch => new EpochContent(
                    epoch.Phase.ToString(),
                    epoch.Epoch,
                    Finite.OrNull(epoch.TrainLoss),
                    Finite.OrNull(epoch.ValidationLoss),
                    Finite.OrNull(epoch.ValidationAccuracy),
                    Finite.OrNull(epoch.ValidationMeanAbsoluteError),
                    epoch.LearningRate,
                    epoch.Duration.TotalSeconds
                )
                {
                    ValidationMeanAveragePrecision50 = Finite.OrNull(epoch.ValidationMeanAveragePrecision50),
                    ValidationMeanIoU = Finite.OrNull(epoch.ValidationMeanIoU),
                }),
            ],
        };
    }
}
