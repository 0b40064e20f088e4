using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training;

/// <summary>An epoch's figures as a line.</summary>
internal static class EpochText
{
    public static string Of(EpochResult epoch, int epochs) =>
        $"{(epoch.Phase == TrainingPhase.Head ? "head" : "layers")}: epoch {epoch.Epoch} of {epochs} done, loss {epoch.TrainLoss:F4}"
        + (epoch.ValidationLoss is { } loss ? $", validation loss {loss:F4}" : "")
        + (epoch.ValidationAccuracy is { } accuracy ? $", accuracy {accuracy:P1}" : "")
        + (epoch.ValidationMeanAveragePrecision50 is { } precision ? $", mAP@0.5 {precision:P1}" : "")
        + (epoch.ValidationMeanIoU is { } overlap ? $", mean IoU {overlap:P1}" : "");
}
