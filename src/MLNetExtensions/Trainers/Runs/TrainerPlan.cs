using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>
/// One Fit after its rows were read: the rows of each kind, targets, loss, and the checkpoint to go on from. It does not change.
/// </summary>
internal sealed record TrainerPlan
{
    private TrainerPlan() { }

    public required TrainerSetup Setup { get; init; }

    /// <summary>The preprocessing of the network's input.</summary>
    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>The results of reading.</summary>
    public required ReadRows Read { get; init; }

    /// <summary>The rows to train on and those to measure on.</summary>
    public required RowSplit Rows { get; init; }

    public required TrainingTargets Targets { get; init; }

    /// <summary>The loss to minimize, weighted by class.</summary>
    public required Loss Loss { get; init; }

    /// <summary>The weights that training rows are drawn with; null where each is taken once.</summary>
    public required IReadOnlyList<double>? SamplingWeights { get; init; }

    /// <summary>The settings that a checkpoint must match.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The checkpoint that the run resumes from; null if it starts from scratch.</summary>
    public required TrainingCheckpoint? Resumed { get; init; }

    /// <summary>The checkpoint's file.</summary>
    public required string? ResumedFrom { get; init; }

    /// <summary>The meaning of the network's outputs.</summary>
    public required ScoringTask Scoring { get; init; }

    public ImageTrainerOptions Options => Setup.Options;

    /// <summary>Splits the rows, makes targets and loss, and finds the checkpoint to go on from.</summary>
    /// <param name="setup">The Fit.</param>
    /// <param name="preprocessing">How images become the network's input.</param>
    /// <param name="read">The results of reading.</param>
    /// <param name="used">The values of the trainer's own options that are marked <see cref="CheckpointSettingAttribute.AsUsed"/>.</param>
    /// <exception cref="InvalidOperationException">There are no rows, or of one class only.</exception>
    /// <exception cref="CheckpointException">The checkpoint to resume from cannot be used.</exception>
    public static TrainerPlan Of(
        TrainerSetup setup,
        ImagePreprocessing preprocessing,
        ReadRows read,
        IEnumerable<KeyValuePair<string, object?>> used
    )
    {
        (ImageTrainerOptions options, TrainerLog log, BoundTask task) = (setup.Options, setup.Log, setup.Task);
        if (read.TrainingCount == 0)
            throw new InvalidOperationException(
                $"The training set is empty: it has no row with a readable image in column '{options.ImageColumnName}'."
            );
        RowSplit rows = RowSplit.Of(read.Labels, read.TrainingCount, task.Classes, options, setup.Seed);
        if (options.ValidationFraction > 0 && rows.Validation.Length == 0)
            log.Warn(
                $"ValidationFraction {options.ValidationFraction} of {read.TrainingCount} rows leaves no validation row; no epoch is "
                    + $"measured."
            );
        if (options.TestTimeAugmentation?.ViewsOf(preprocessing).Length == 1)
            log.Warn(
                $"{nameof(ImageTrainerOptions.TestTimeAugmentation)} has one view only: images are resized to {preprocessing.Width} x "
                    + $"{preprocessing.Height}, "
                    + "which leaves no corners to crop. Lower Preprocessing.CropFraction, or choose TestTimeAugmentation.Flip."
            );
        var balance = new ClassBalance(read.Labels, rows.Training, task.Classes, options);
        if (balance.Problem is { } problem)
            log.Warn(problem);
        Loss loss = balance.Weigh(options.Loss ?? LabeledTask.Of(options.Task).DefaultLoss(options), task.Outputs);
        TrainingTargets labels = task.CreateTargets(read.Labels, rows.Training, loss);
        TrainingTargets targets = loss is OnnxLoss own ? new OnnxLossTargets(labels, own) : labels;
        Dictionary<string, string> settings = TrainerSettings.Of(
            options,
            used.Concat(Used(setup, preprocessing, rows, loss, targets)).ToDictionary()
        );
        (TrainingCheckpoint Checkpoint, string Path)? found = options.ResumeFrom is { } source
            ? CheckpointFolder.Find(source, settings, options.ResumeFromPrevious, log.Warn)
            : null;
        if (found is { } resumed)
            log.Info($"Going on from checkpoint {resumed.Path}: {resumed.Checkpoint.Phase} epoch {resumed.Checkpoint.Loop.Epoch + 1}");
        return new TrainerPlan
        {
            Setup = setup,
            Preprocessing = preprocessing,
            Read = read,
            Rows = rows,
            Targets = targets,
            Loss = loss,
            SamplingWeights = options.UseWeightedSampling ? balance.SamplingWeights() : null,
            Settings = settings,
            Resumed = found?.Checkpoint,
            ResumedFrom = found?.Path,
            Scoring = task.CreateScoring(labels),
        };
    }

    /// <summary>Opens the teacher that the options name; it becomes the caller's.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="ArgumentException">It does not fit the images or the classes.</exception>
    public Teacher? OpenTeacher() =>
        Options.Distillation is { } distillation
            ? new Teacher(Setup.Context, distillation, Preprocessing, Setup.Outputs, Options.Threads)
            : null;

    /// <summary>The loss to minimize together with a teacher's answers.</summary>
    /// <param name="teacher">The teacher; null without.</param>
    public Loss LossWith(Teacher? teacher) => teacher?.Loss((CrossEntropy)Loss) ?? Loss;

    /// <summary>Makes a session.</summary>
    /// <param name="network">The network; with a teacher's hints, as <see cref="HintedSession.Attach"/> made it.</param>
    /// <param name="options">Its options.</param>
    /// <param name="teacher">The teacher; null without.</param>
    public ITrainingSession CreateSession(OnnxGraph network, TrainingSessionOptions options, Teacher? teacher = null)
    {
        ITrainingSession session = Setup.Runtime.CreateSession(network, options);
        return teacher?.Hints > 0 ? new HintedSession(session, Setup.Outputs, teacher.Hints) : session;
    }

    /// <summary>Makes the options of a session that trains some parameters.</summary>
    /// <param name="parameters">Their names.</param>
    /// <param name="optimizer">The update rule.</param>
    /// <param name="teacher">The teacher whose answers count; null without.</param>
    public TrainingSessionOptions SessionOptions(IReadOnlyCollection<string>? parameters, Optimizer optimizer, Teacher? teacher = null)
    {
        TrainingSessionOptions session = Options.SessionOptions(Setup.Context, Setup.Seed);
        session.TrainableParameters = parameters;
        session.Optimizer = optimizer;
        session.Loss = LossWith(teacher);
        return session;
    }

    /// <summary>
    /// The values of the options of all trainers that are marked <see cref="CheckpointSettingAttribute.AsUsed"/>, and of the data.
    /// </summary>
    private static Dictionary<string, object?> Used(
        TrainerSetup setup,
        ImagePreprocessing preprocessing,
        RowSplit rows,
        Loss loss,
        TrainingTargets targets
    ) =>
        new()
        {
            ["Labels"] = targets.Fingerprint(),
            ["TrainingRows"] = rows.Training.Length,
            ["ValidationRows"] = rows.Validation.Length,
            [nameof(ImageTrainerOptions.Preprocessing)] = preprocessing,
            [nameof(ImageTrainerOptions.Loss)] = loss,
            [nameof(ImageTrainerOptions.Distillation)] = setup.Options.Distillation is { } d
                ? $"{d.Temperature} {d.Alpha} {d.HintWeight} {SettingText.OfStructure(d.Teacher.Graph)} "
                    + $"{SettingText.OfWeights(d.Teacher.Graph)}"
                : null,
            [nameof(ImageTrainerOptions.Seed)] = setup.Seed,
            [nameof(ImageTrainerOptions.Runtime)] = setup.Runtime.Name,
        };
}
