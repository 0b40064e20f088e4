using System.Numerics.Tensors;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>The temperature that makes a trained network's probabilities honest, from rows that the network was not trained on.</summary>
internal static class HonestProbabilities
{
    /// <summary>Fits the temperature to rows that were kept aside.</summary>
    /// <param name="plan">The Fit.</param>
    /// <param name="logits">The network's answers for the rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="name">What the log calls them.</param>
    public static TemperatureScaling Fit(TrainerPlan plan, float[] logits, int[] rows, string name)
    {
        int[] labels = [.. rows.Select(row => plan.Targets.Labels![row])];
        TemperatureScaling fitted = TemperatureScaling.FitCautiously(logits, labels, plan.Targets.Width);
        plan.Setup.Log.Info(
            $"Temperature {fitted.Temperature:F2} fitted to {rows.Length} of {name}: log-loss {fitted.LogLossAfter:F4}, before "
                + $"{fitted.LogLossBefore:F4}"
        );
        return fitted;
    }

    /// <summary>
    /// Fits the temperature of a head by the training rows alone: parts of them are predicted by heads trained on the rest. Of many rows
    /// one part is enough, and its head is trained as the head itself.
    /// </summary>
    /// <param name="plan">The Fit.</param>
    /// <param name="head">The head's own phase.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="small">Predicts folds of few rows; null where there are many.</param>
    /// <param name="createSession">Makes the session of a head as it was before training; it becomes this method's.</param>
    /// <returns>Null where the rows or the outcome do not allow it.</returns>
    public static TemperatureScaling? FitByFolds(
        TrainerPlan plan,
        PhasePlan head,
        TrainingLoop.PhaseResult outcome,
        Func<HeadFolds>? small,
        Func<ITrainingSession> createSession
    )
    {
        if (
            outcome.BestEpoch < 0
            || plan.Loss is not CrossEntropy
            || outcome.Reason is StopReason.Canceled or StopReason.NotFiniteLoss
            // Small heads are trained for all epochs, which is more time than a run that was stopped may take.
            || (outcome.Reason == StopReason.Stopped && small is not null)
            || plan.Options.CancellationToken.IsCancellationRequested
        )
            return null;
        int[] training = plan.Rows.Training;
        int[][] folds = CalibrationFolds.Of(plan.Targets.Labels!, training, plan.Setup.Seed);
        if (folds.Length == 0)
            return null;
        float[]? logits = small is not null
            ? small().Predict(folds, plan.Targets, training, plan.SamplingWeights)
            : PredictFold(plan, head, folds[0], createSession, outcome.BestEpoch + 1);
        return logits is null || !float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(logits))
            ? null
            : Fit(
                plan,
                logits,
                [.. folds.SelectMany(fold => fold.Select(place => training[place]))],
                $"training rows, by heads trained without them ({folds.Length} folds)"
            );
    }

    /// <summary>Trains a head without some rows, as the head itself was trained, and predicts them.</summary>
    /// <returns>Null where training was canceled.</returns>
    private static float[]? PredictFold(TrainerPlan plan, PhasePlan head, int[] fold, Func<ITrainingSession> createSession, int kept)
    {
        using ITrainingSession session = createSession();
        int[] training = plan.Rows.Training;
        int[] places = [.. Enumerable.Range(0, training.Length).Except(fold)];
        var run = new TrainingRun([]);
        TrainingLoop loop = PhaseLoop.OfFold(
            plan,
            head with
            {
                Session = session,
            },
            places,
            run,
            epoch =>
            {
                // Where the head is that of an epoch in the middle, so is this one.
                if (epoch.Epoch >= kept)
                    run.RequestStop("as long as the head itself");
            }
        );
        return loop.Train().Reason is StopReason.Canceled or StopReason.NotFiniteLoss
            ? null
            : loop.Predict([.. fold.Select(place => training[place])]);
    }
}
