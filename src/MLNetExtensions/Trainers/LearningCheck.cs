using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers;

/// <summary>Checks that training learned something: that an epoch was better than constant outputs.</summary>
internal static class LearningCheck
{
    /// <summary>The multiple of the loss of constant outputs from which training counts as diverged.</summary>
    private const double TooFar = 100;

    private const int BatchSize = 256;

    /// <summary>
    /// Computes the mean loss of constant outputs. It is infinite, as if it were not known, for a loss that goes below zero, whose values have
    /// no ratios.
    /// </summary>
    /// <param name="targets">The targets that outputs are compared with.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="trainingRows">The rows.</param>
    public static double ChanceLoss(TrainingTargets targets, Loss loss, int[] trainingRows)
    {
        int width = targets.Width,
            targetWidth = targets.TargetWidth(training: true);
        float[] nothing = new float[BatchSize * width],
            encoded = new float[BatchSize * targetWidth];
        double sum = 0,
            weight = 0;
        using ILossMeasure measure = loss.OpenMeasure();
        for (int start = 0; start < trainingRows.Length; start += BatchSize)
        {
            ReadOnlySpan<int> rows = trainingRows.AsSpan(start, Math.Min(BatchSize, trainingRows.Length - start));
            weight += targets.Encode(rows, training: true, encoded);
            sum += measure.Sum(nothing.AsSpan(0, rows.Length * width), encoded.AsSpan(0, rows.Length * targetWidth), width);
        }
        double chance = sum / weight;
        return chance > 0 ? chance : double.PositiveInfinity;
    }

    /// <summary>Throws where training fell apart and nothing was learned before.</summary>
    /// <param name="completed">The epochs of all phases.</param>
    /// <param name="result">The result of the last phase.</param>
    /// <param name="chance">The loss of outputs that say nothing.</param>
    /// <param name="learningRate">The phase's.</param>
    /// <param name="phase">The phase.</param>
    /// <returns>A warning where training ended without having learned; null if it learned.</returns>
    /// <exception cref="TrainingDivergedException">Training fell apart.</exception>
    public static string? Problem(
        IEnumerable<EpochResult> completed,
        TrainingLoop.PhaseResult result,
        double chance,
        float learningRate,
        TrainingPhase phase
    )
    {
        if (completed.Any(epoch => epoch.TrainLoss < chance || epoch.ValidationLoss < chance))
            return null;
        double last = result.Epochs.Count > 0 ? result.Epochs[^1].TrainLoss : double.NaN;
        if (result.Reason != StopReason.NotFiniteLoss && last < TooFar * chance)
            return $"No epoch was better than outputs that say nothing: the loss was {last:G4}, theirs is {chance:G4}. The model has "
                + $"learned next to nothing; train longer, or at another learning rate.";
        if (result.Reason is StopReason.Canceled or StopReason.Stopped && result.Epochs.Count == 0)
            return null;
        throw new TrainingDivergedException(
            $"Training diverged: "
                + $"{(result.Message.Length > 0 ? result.Message : $"the loss was {last:G4} after {result.Epochs.Count} epochs")}. No "
                + $"epoch was better than outputs that say nothing (loss {chance:G4}). "
                + $"Lower {nameof(FineTuneOptions.LearningRate)} (it was "
                + $"{learningRate:G3}{(phase == TrainingPhase.Network ? "" : "; null chooses one that is safe")}), "
                + "or check images, preprocessing, weight decay and the loss's settings."
        );
    }
}
