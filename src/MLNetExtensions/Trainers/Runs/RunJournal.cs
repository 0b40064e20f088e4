using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>The words about a run: a line for each epoch, and how it ended.</summary>
internal static class RunJournal
{
    /// <summary>Logs an epoch.</summary>
    public static void Write(TrainerLog log, EpochResult epoch, int epochs)
    {
        string validated = epoch.ValidationLoss is null ? "" : $", validation loss {epoch.ValidationLoss:F4}";
        string accuracy = epoch.ValidationAccuracy is null ? "" : $", accuracy {epoch.ValidationAccuracy:P1}";
        string error = epoch.ValidationMeanAbsoluteError is null ? "" : $", mean error {epoch.ValidationMeanAbsoluteError:G4}";
        string precision = epoch.ValidationMeanAveragePrecision50 is null ? "" : $", mAP@0.5 {epoch.ValidationMeanAveragePrecision50:P1}";
        string iou = epoch.ValidationMeanIoU is null ? "" : $", mean IoU {epoch.ValidationMeanIoU:P1}";
        log.Info(
            $"{epoch.Phase} epoch {epoch.Epoch}/{epochs}: loss {epoch.TrainLoss:F4}"
                + $"{validated}{accuracy}{error}{precision}{iou} ({epoch.Duration.TotalSeconds:F1} s, {epoch.DataWaitFraction:P0} of it waiting for data)"
        );
    }

    /// <summary>Ends a run: warns where it ended early or made nothing better, and tells callbacks.</summary>
    /// <param name="run">The run.</param>
    /// <param name="log">Gets the warnings.</param>
    /// <param name="outcome">How the last phase ended.</param>
    /// <param name="runtime">The runtime that trained.</param>
    /// <param name="device">Its device.</param>
    /// <param name="isMeasured">True if there were validation rows.</param>
    /// <param name="start">The epoch, counted over all phases, that the last phase began with; null for the last one before it.</param>
    public static TrainingHistory End(
        TrainingRun run,
        TrainerLog log,
        TrainingLoop.PhaseResult outcome,
        ITrainingRuntime runtime,
        string device,
        bool isMeasured,
        int? start
    )
    {
        int before = run.Completed.Count - outcome.Epochs.Count;
        int best = outcome.BestEpoch < 0 ? start ?? before - 1 : before + outcome.BestEpoch;
        string kept = Kept(run, best);
        if (outcome.Reason is StopReason.Canceled or StopReason.NotFiniteLoss or StopReason.Stopped)
            log.Warn($"Training stopped early: {outcome.Message}. The model has the weights {kept}.");
        else if (outcome.BestEpoch < 0 && outcome.Epochs.Count > 0)
            log.Warn(
                $"No epoch of training layers of the backbone was better on the validation rows than the head alone. The model has the "
                    + $"weights {kept}; the backbone is as it was."
            );
        else if (!isMeasured && outcome.BestEpoch < outcome.Epochs.Count - 1)
            log.Warn($"The loss had risen by the end of training. The model has the weights {kept}.");
        run.End(outcome.Reason, outcome.Message);
        return new TrainingHistory
        {
            Epochs = [.. run.Completed],
            StopReason = outcome.Reason,
            StopMessage = outcome.Message,
            BestEpoch = best,
            Runtime = runtime.Name,
            Device = device,
            ResumedFrom = run.ResumedFrom,
        };
    }

    private static string Kept(TrainingRun run, int epoch) =>
        epoch < 0
            ? "that training began with"
            : $"of {run.Completed[epoch].Phase} epoch {run.Completed[epoch].Epoch} (training loss "
                + $"{run.Completed[epoch].TrainLoss:F4}{(run.Completed[epoch].ValidationLoss is { } loss ? $", validation loss {loss:F4}" : "")})";
}
