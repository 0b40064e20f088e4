using MLNetExtensions.Trainers.PseudoLabels;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.RateTests;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>Makes the training loop of a phase.</summary>
internal static class PhaseLoop
{
    /// <summary>The loop of the Fit itself, over all rows.</summary>
    /// <param name="plan">The Fit.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="run">The run, with its callbacks.</param>
    /// <param name="epochEnded">Gets each epoch's figures.</param>
    public static TrainingLoop Of(TrainerPlan plan, PhasePlan phase, TrainingRun run, Action<EpochResult> epochEnded) =>
        Create(plan, phase, fold: null, run, epochEnded);

    /// <summary>
    /// The same phase over some of the training rows: it trains alike, and is neither validated nor watched, stored or taken up again.
    /// </summary>
    /// <param name="plan">The Fit.</param>
    /// <param name="phase">The phase, with a session of its own.</param>
    /// <param name="places">The places of the rows among the training rows.</param>
    /// <param name="run">A run without callbacks.</param>
    /// <param name="epochEnded">Gets each epoch's figures.</param>
    public static TrainingLoop OfFold(TrainerPlan plan, PhasePlan phase, int[] places, TrainingRun run, Action<EpochResult> epochEnded) =>
        Create(plan, phase, places, run, epochEnded);

    private static TrainingLoop Create(TrainerPlan plan, PhasePlan phase, int[]? fold, TrainingRun run, Action<EpochResult> epochEnded)
    {
        ImageTrainerOptions options = plan.Options;
        int seed = plan.Setup.Seed;
        bool whole = fold is null;
        Loss loss = plan.LossWith(phase.Teacher);
        var share = new WorkerShare(phase.Session as IWorkers);
        RangeTest? test = options.RangeTest is { } asked && asked.Phase == phase.Phase ? asked : null;
        int rows = fold?.Length ?? plan.Rows.Training.Length;
        StepSampling? sampling = (StepSampling?)phase.Privacy?.Sampling ?? phase.PseudoLabels?.Order;
        return new TrainingLoop
        {
            Phase = phase.Phase,
            Session = phase.Session,
            Rows = phase.Inputs,
            Targets =
                loss is Distillation distillation ? new TaughtTargets(plan.Targets, distillation)
                : phase.PseudoLabels is { } unlabeled ? new PseudoLabelTargets(plan.Targets, unlabeled.FirstUnlabeled)
                : plan.Targets,
            TrainingRows = fold is null ? plan.Rows.Training : [.. fold.Select(place => plan.Rows.Training[place])],
            ValidationRows = whole ? plan.Rows.Validation : [],
            Epochs = test?.EpochsFor((rows + options.BatchSize - 1) / options.BatchSize) ?? phase.Epochs,
            BatchSize = sampling?.SlotSize ?? options.BatchSize,
            Sampling = sampling,
            StepTargets = phase.PseudoLabels?.Labeler,
            LearningRate = phase.LearningRate,
            Schedule = test?.Schedule ?? options.Schedule,
            ReduceOnPlateau = whole ? options.ReduceOnPlateau : null,
            Loss = loss,
            ValidationLoss = plan.Loss,
            TargetCompletion = phase.Teacher,
            Share = share,
            Seed = seed,
            BatchAugmenter =
                phase.AugmentsBatches && options.BatchAugmentation is { } mix
                    ? new BatchAugmenter(
                        mix,
                        share.Rank == 0 ? seed : RunSeed.Of(seed, share.Rank),
                        plan.Preprocessing.Height,
                        plan.Preprocessing.Width
                    )
                    : null,
            SamplingWeights =
                fold is null ? plan.SamplingWeights
                : plan.SamplingWeights is { } weights ? [.. fold.Select(place => weights[place])]
                : null,
            EarlyStopping = whole ? options.EarlyStopping : null,
            RestoreBestWeights = whole && options.RestoreBestWeights,
            // What a teacher asks for is not known before it has answered.
            ChanceLoss =
                whole && phase.Teacher is null
                    ? LearningCheck.ChanceLoss(plan.Targets, plan.Loss, plan.Rows.Training)
                    : double.PositiveInfinity,
            StartsTrained = whole && phase.StartsTrained,
            LowersRate = whole && phase.LowersRate && test is null,
            Progress = whole ? plan.Setup.Progress : null,
            Run = run,
            Settings = whole ? plan.Settings : new Dictionary<string, string>(),
            Resume = whole && plan.Resumed?.Phase == phase.Phase ? plan.Resumed : null,
            EpochEnded = epochEnded,
            Warned = whole ? plan.Setup.Log.Warn : null,
            CancellationToken = options.CancellationToken,
        };
    }
}
