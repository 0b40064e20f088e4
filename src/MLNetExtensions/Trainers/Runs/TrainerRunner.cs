using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>Runs the phases of a planned Fit, one after another, and hands over what they made.</summary>
internal sealed class TrainerRunner
{
    private readonly TrainerPlan _plan;
    private readonly TrainingRun _run;
    private TemperatureScaling? _temperature;
    private string _device = "";

    public TrainerRunner(TrainerPlan plan)
    {
        _plan = plan;
        _run = new TrainingRun(plan.Options.Callbacks)
        {
            LabelNames = plan.Setup.Task.LabelNames,
            Preprocessing = plan.Preprocessing,
            ResumedFrom = plan.ResumedFrom,
        };
        _run.Completed.AddRange(plan.Resumed?.History ?? []);
    }

    /// <summary>True if an epoch of any phase has been completed.</summary>
    public bool HasLearned => _run.Completed.Count > 0;

    /// <summary>Trains a phase.</summary>
    /// <exception cref="TrainingDivergedException">Training fell apart before anything was learned.</exception>
    /// <exception cref="OperationCanceledException">It was canceled before an epoch had run.</exception>
    public TrainingLoop.PhaseResult Train(PhasePlan phase)
    {
        _device = phase.Session.Device;
        _run.Network = phase.Network;
        _run.Exporter = weights =>
            _plan.Scoring.Export(phase.Deployed(weights), _plan.Preprocessing, new ScoringNames(_plan.Options.ScoreColumnName));
        TrainingLoop loop = PhaseLoop.Of(_plan, phase, _run, epoch => RunJournal.Write(_plan.Setup.Log, epoch, phase.Epochs));
        CheckMemory(phase, Math.Min(loop.BatchSize, loop.TrainingRows.Length) / loop.Share.WorldSize);
        try
        {
            TrainingLoop.PhaseResult outcome = loop.Train();
            _run.ThrowIfNothingLearned(outcome, _plan.Options.CancellationToken);
            // The rates of a test are meant to rise until the loss does, and what it trained is thrown away.
            if (_plan.Options.RangeTest?.Phase == phase.Phase)
                return outcome with { Reason = StopReason.Completed, BestEpoch = outcome.Epochs.Count - 1 };
            if (LearningCheck.Problem(_run.Completed, outcome, loop.ChanceLoss, phase.LearningRate, phase.Phase) is { } problem)
                _plan.Setup.Log.Warn(problem);
            // The last phase's stays.
            if (
                _plan.Options.CalibrateProbabilities == true
                && _plan.Rows.Validation.Length > 0
                && loop.Predict(_plan.Rows.Validation) is { } logits
            )
                _temperature = HonestProbabilities.Fit(_plan, logits, _plan.Rows.Validation, "the validation rows");
            return outcome;
        }
        catch (Exception e)
        {
            _run.Fail(e);
            throw;
        }
    }

    // A GPU has memory of its own, and says itself where that is used up.
    private void CheckMemory(PhasePlan phase, int batch)
    {
        if (
            phase.Session.Device.StartsWith("cpu", StringComparison.OrdinalIgnoreCase)
            && TrainingMemory.Of(phase.Network, Math.Max(1, batch)) is { } needed
        )
            needed.Check(MemoryLimit.Current(), Math.Max(1, batch), _plan.Setup.Log.Warn);
    }

    /// <summary>
    /// Makes a head's probabilities honest by the training rows, where the options want it and validation rows have not done so.
    /// </summary>
    /// <inheritdoc cref="HonestProbabilities.FitByFolds"/>
    public void CalibrateHead(
        PhasePlan head,
        TrainingLoop.PhaseResult outcome,
        Func<HeadFolds>? small,
        Func<ITrainingSession> createSession
    )
    {
        if (_plan.Options.CalibratesByFolds && _temperature is null)
            _temperature = HonestProbabilities.FitByFolds(_plan, head, outcome, small, createSession);
    }

    /// <summary>Ends the run.</summary>
    /// <param name="network">From canvas pixels to outputs.</param>
    /// <param name="outcome">How the last phase ended.</param>
    /// <param name="start">The epoch, counted over all phases, that the last phase began with; null for the last one before it.</param>
    /// <param name="privacy">What the model promises about each image; null for nothing.</param>
    public TrainedNetwork Finish(OnnxGraph network, TrainingLoop.PhaseResult outcome, int? start = null, PrivacyGuarantee? privacy = null)
    {
        TrainerLog log = _plan.Setup.Log;
        if (privacy is not null)
            log.Info($"Differential privacy: {privacy}");
        return new TrainedNetwork(
            network,
            _plan.Preprocessing,
            _plan.Scoring,
            new TrainingResult
            {
                History = RunJournal.End(_run, log, outcome, _plan.Setup.Runtime, _device, _plan.Rows.Validation.Length > 0, start),
                TrainingRows = _plan.Rows.Training.Length,
                ValidationRows = _plan.Rows.Validation.Length,
                InvalidImages = _plan.Read.InvalidImages,
                Temperature = _temperature,
                CachedImages = _plan.Read.CachedImages,
                CachedFeatures = _plan.Read.KnownFeatures,
                TurnedImages = _plan.Read.TurnedImages,
                Warnings = log.Warnings,
                Privacy = privacy,
            }
        );
    }
}
