using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Compression.Distilling;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Estimators;

/// <summary>One Fit of a trainer: what all trainers do alike between reading their rows and handing over a network.</summary>
internal sealed class TrainerRun
{
    private readonly MLContext _context;
    private readonly IChannel _channel;
    private readonly ImageTrainerOptions _options;
    private readonly BoundTask _task;
    private readonly List<string> _warnings = [];
    private readonly TrainingRun _run;
    private Dictionary<string, string> _settings = [];
    private RowSplit _rows = new([], []);
    private ImagePreprocessing? _preprocessing;
    private TrainingTargets? _targets;
    private Loss? _loss;
    private TemperatureScaling? _temperature;
    private DecodedPictureCache? _pictureCache;
    private string _device = "";

    public TrainerRun(MLContext context, IHost host, IChannel channel, ImageTrainerOptions options, DataViewSchema schema)
    {
        (_context, _channel, _options) = (context, channel, options);
        SessionOpening.Check(context);
        _task = LabelledTask.Of(options.Task).Bind(schema[options.LabelColumnName], options.PredictedLabelColumnName);
        Runtime = options.Runtime ?? TrainingRuntime.Default();
        Seed = options.Seed ?? host.Rand.Next();
        _run = new TrainingRun(options.Callbacks) { LabelNames = _task.LabelNames };
    }

    public ITrainingRuntime Runtime { get; }

    /// <summary>The number of processes that train together.</summary>
    public int Workers => (Runtime as IWorkerRuntime)?.Workers ?? 1;

    /// <summary>This one among them, from 0.</summary>
    public int Worker => (Runtime as IWorkerRuntime)?.Worker ?? 0;

    public int Seed { get; }

    /// <summary>The number of outputs that the network must have.</summary>
    public int Outputs => _task.Outputs;

    /// <summary>The checkpoint that the run goes on from; null where it begins anew.</summary>
    public TrainingCheckpoint? Resumed { get; private set; }

    public int[] TrainingRows => _rows.Training;

    /// <summary>Opens the cache of decoded pictures that the options ask for; it becomes the caller's.</summary>
    /// <param name="preprocessing">What decoded pictures depend on.</param>
    /// <returns>Null where none is wanted, or another run has it open.</returns>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public DecodedPictureCache? OpenPictureCache(ImagePreprocessing preprocessing)
    {
        if (_options.CacheFolder is not { } folder)
            return null;
        try
        {
            _pictureCache = DecodedPictureCache.Open(folder, preprocessing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{nameof(ImageTrainerOptions.CacheFolder)} '{folder}' cannot be used: {e.Message} Choose a folder that can be written to, or null.", e);
        }
        if (_pictureCache is null)
            Warn($"The cache of decoded pictures in '{folder}' is in use by another run; this one decodes all pictures itself.");
        return _pictureCache;
    }

    /// <summary>Takes the rows that were read: splits them, makes targets and loss, and finds the checkpoint to go on from.</summary>
    /// <param name="preprocessing">How pictures become the network's input.</param>
    /// <param name="labels">The labels: first the training view's, then the validation set's.</param>
    /// <param name="trainingCount">The number of rows of the training view.</param>
    /// <param name="settings">What a checkpoint must agree in, beside what all trainers have.</param>
    /// <exception cref="InvalidOperationException">There are no rows, or of one class only.</exception>
    /// <exception cref="CheckpointException">The checkpoint to go on from cannot be used.</exception>
    public void Begin(ImagePreprocessing preprocessing, RowLabels labels, int trainingCount, IEnumerable<KeyValuePair<string, object?>> settings)
    {
        _run.Preprocessing = _preprocessing = preprocessing;
        if (trainingCount == 0)
            throw new InvalidOperationException($"The training set is empty: it has no row with a readable picture in column '{_options.ImageColumnName}'.");
        CachedPictures = _pictureCache?.Hits ?? 0;
        if (_pictureCache?.WriteError is { } error)
            Warn($"'{_pictureCache.Path}' could not be written any further, so later runs decode the pictures that are missing there: {error.Message}");
        _rows = RowSplit.Of(labels, trainingCount, _task.Classes, _options, Seed);
        if (_options.ValidationFraction > 0 && _rows.Validation.Length == 0)
            Warn($"ValidationFraction {_options.ValidationFraction} of {trainingCount} rows leaves no validation row; no epoch is measured.");
        if (_options.TestTimeAugmentation?.ViewsOf(preprocessing).Length == 1)
            Warn($"{nameof(ImageTrainerOptions.TestTimeAugmentation)} has one view only: pictures are resized to {preprocessing.Width} x {preprocessing.Height}, " +
                "which leaves no corners to crop. Lower Preprocessing.CropPercentage, or choose TestTimeAugmentation.Flip.");
        var balance = new ClassBalance(labels, _rows.Training, _task.Classes, _options);
        if (balance.Problem is { } problem)
            Warn(problem);
        _loss = balance.Weigh(_options.Loss ?? LabelledTask.Of(_options.Task).DefaultLoss(_options), _task.Outputs);
        _targets = _task.CreateTargets(labels, _rows.Training, _loss);
        SamplingWeights = _options.BalanceSampling ? balance.SamplingWeights() : null;

        _settings = settings.Concat(CommonSettings()).ToDictionary(s => s.Key, s => SettingText.Of(s.Value));
        if (_options.ResumeFrom is not { } source || CheckpointFolder.Find(source, _settings, _options.ResumeFromPrevious, Warn) is not { } found)
            return;
        Resumed = found.Checkpoint;
        _run.ResumedFrom = found.Path;
        _run.Completed.AddRange(found.Checkpoint.History);
        _channel.Info(MessageSensitivity.None, "Going on from checkpoint {0}: {1} epoch {2}", found.Path, Resumed.Phase, Resumed.Loop.Epoch + 1);
    }

    private IReadOnlyList<double>? SamplingWeights { get; set; }

    private long CachedPictures { get; set; }

    /// <summary>Opens the teacher that the options name; it becomes the caller's.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="ArgumentException">It does not fit the pictures or the classes.</exception>
    public Teacher? OpenTeacher() => _options.Distillation is { } distillation
        ? new Teacher(_context, distillation, _preprocessing!, Outputs, _options.Threads)
        : null;

    /// <inheritdoc cref="IWorkerRuntime.Join"/>
    public IWorkers Join(IReadOnlyDictionary<string, string> settings) => ((IWorkerRuntime)Runtime).Join(
        new TrainingSessionOptions { Optimizer = new Sgd(), Threads = _options.Threads, GpuDeviceId = _context.GpuDeviceId, FallbackToCpu = _context.FallbackToCpu }, settings);

    /// <summary>Makes a session.</summary>
    /// <param name="network">The network; with a teacher's hints, as <see cref="HintedSession.Attach"/> made it.</param>
    /// <param name="options">Its options.</param>
    /// <param name="teacher">The teacher; null without.</param>
    public ITrainingSession CreateSession(OnnxGraph network, TrainingSessionOptions options, Teacher? teacher)
    {
        ITrainingSession session = Runtime.CreateSession(network, options);
        return teacher?.Hints > 0 ? new HintedSession(session, Outputs, teacher.Hints) : session;
    }

    /// <summary>Options of a session that trains some parameters.</summary>
    /// <param name="parameters">Their names.</param>
    /// <param name="optimizer">The update rule.</param>
    /// <param name="teacher">The teacher whose answers count; null without.</param>
    public TrainingSessionOptions SessionOptions(IReadOnlyCollection<string>? parameters, Optimizer optimizer, Teacher? teacher = null) => new()
    {
        TrainableParameters = parameters,
        Optimizer = optimizer,
        Loss = LossWith(teacher),
        BatchNorm = _options.BatchNorm,
        ClipGradientNorm = _options.ClipGradientNorm,
        ClipGradientValue = _options.ClipGradientValue,
        GradientAccumulation = _options.GradientAccumulation,
        L1 = _options.L1Regularization,
        L2 = _options.L2Regularization,
        WeightAveraging = _options.WeightAveraging,
        Precision = _options.Precision,
        Threads = _options.Threads,
        Seed = Seed,
        GpuDeviceId = _context.GpuDeviceId,
        FallbackToCpu = _context.FallbackToCpu,
    };

    /// <summary>Trains a phase.</summary>
    /// <param name="phase">Which.</param>
    /// <param name="session">The session; it stays the caller's.</param>
    /// <param name="network">The network in the session.</param>
    /// <param name="inputs">The rows' inputs.</param>
    /// <param name="epochs">The number of epochs.</param>
    /// <param name="learningRate">The schedule's base rate.</param>
    /// <param name="mixing">Whether batches may be mixed.</param>
    /// <param name="deployed">Makes the whole network, from canvas pixels to outputs, of trained weights.</param>
    /// <param name="teacher">Whose answers the inputs, pictures, are also compared with; null without.</param>
    public TrainingLoop.Outcome Train(
        TrainingPhase phase, ITrainingSession session, OnnxGraph network, ITrainingRows inputs, int epochs, float learningRate, bool mixing,
        Func<IReadOnlyDictionary<string, OnnxTensor>, OnnxGraph> deployed, Teacher? teacher = null)
    {
        Loss loss = LossWith(teacher);
        _device = session.Device;
        var share = new WorkerShare(session as IWorkers);
        _run.Network = network;
        _run.Exporter = weights => Scoring.Export(deployed(weights), _preprocessing!, new ScoringNames(_options.ScoreColumnName));
        var loop = new TrainingLoop
        {
            Phase = phase,
            Session = session,
            Rows = inputs,
            Targets = loss is Distillation distillation ? new TaughtTargets(_targets!, distillation) : _targets!,
            TrainingRows = _rows.Training,
            ValidationRows = _rows.Validation,
            Epochs = epochs,
            BatchSize = _options.BatchSize,
            LearningRate = learningRate,
            Schedule = _options.Schedule,
            ReduceOnPlateau = _options.ReduceOnPlateau,
            Loss = loss,
            ValidationLoss = _loss,
            Teacher = teacher,
            Share = share,
            Seed = Seed,
            Mixer = mixing && _options.Mixing is { } mix ? new BatchMixer(mix, share.Worker == 0 ? Seed : RunSeed.Of(Seed, share.Worker), _preprocessing!.Height, _preprocessing.Width) : null,
            SamplingWeights = SamplingWeights,
            EarlyStopping = _options.EarlyStopping,
            RestoreBestEpoch = _options.RestoreBestEpoch,
            Progress = _options.Progress,
            Run = _run,
            Settings = _settings,
            Resume = Resumed?.Phase == phase ? Resumed : null,
            EpochEnded = epoch => Log(epoch, epochs),
            CancellationToken = _options.CancellationToken,
        };
        try
        {
            TrainingLoop.Outcome outcome = loop.Train();
            // The last phase's stays.
            if (_options.CalibrateProbabilities && _rows.Validation.Length > 0)
                _temperature = Calibrate(loop.PredictValidation());
            return outcome;
        }
        catch (Exception e)
        {
            _run.Fail(e);
            throw;
        }
    }

    private TemperatureScaling Calibrate(float[] logits)
    {
        int[] labels = [.. _rows.Validation.Select(row => _targets!.Labels![row])];
        TemperatureScaling fitted = TemperatureScaling.Fit(logits, labels, _targets!.Width);
        _channel.Info(MessageSensitivity.None, "Temperature {0:F2}: log-loss of the validation rows {1:F4}, before {2:F4}", fitted.Temperature, fitted.LogLossAfter, fitted.LogLossBefore);
        return fitted;
    }

    /// <summary>Ends the run.</summary>
    /// <param name="network">From canvas pixels to outputs.</param>
    /// <param name="outcome">How the last phase ended.</param>
    /// <param name="badImages">The pictures that were left out.</param>
    public TrainedNetwork Finish(OnnxGraph network, TrainingLoop.Outcome outcome, IReadOnlyList<BadImage> badImages)
    {
        if (outcome.Reason is StopReason.Cancelled or StopReason.NotFiniteLoss or StopReason.Stopped)
            Warn($"Training stopped early: {outcome.Message}. The model is the best one until then.");
        _run.End(outcome.Reason, outcome.Message);
        int before = _run.Completed.Count - outcome.Epochs.Count;
        return new TrainedNetwork(network, _preprocessing!, Scoring, new TrainingResult
        {
            History = new TrainingHistory
            {
                Epochs = [.. _run.Completed],
                StopReason = outcome.Reason,
                StopMessage = outcome.Message,
                BestEpoch = outcome.BestEpoch < 0 ? before - 1 : before + outcome.BestEpoch,
                Runtime = Runtime.Name,
                Device = _device,
                ResumedFrom = _run.ResumedFrom,
            },
            TrainingRows = _rows.Training.Length,
            ValidationRows = _rows.Validation.Length,
            BadImages = badImages,
            Temperature = _temperature,
            CachedPictures = CachedPictures,
            Warnings = _warnings,
        });
    }

    private Loss LossWith(Teacher? teacher) => teacher?.Loss((CrossEntropy)_loss!) ?? _loss!;

    private ScoringTask Scoring => field ??= _task.CreateScoring(_targets!);

    private Dictionary<string, object?> CommonSettings() => new()
    {
        ["Task"] = _options.Task,
        ["Labels"] = _targets!.Fingerprint(),
        ["TrainingRows"] = _rows.Training.Length,
        ["ValidationRows"] = _rows.Validation.Length,
        ["Preprocessing"] = _preprocessing,
        ["Augmentation"] = _options.Augmentation,
        ["Mixing"] = _options.Mixing,
        ["Loss"] = _loss,
        ["Distillation"] = _options.Distillation is { } d ? $"{d.Temperature} {d.Alpha} {d.HintWeight} {SettingText.OfStructure(d.Teacher.Graph)} {SettingText.OfWeights(d.Teacher.Graph)}" : null,
        ["BalanceSampling"] = _options.BalanceSampling,
        ["BatchSize"] = _options.BatchSize,
        ["Schedule"] = _options.Schedule,
        ["ReduceOnPlateau"] = _options.ReduceOnPlateau,
        ["BatchNorm"] = _options.BatchNorm,
        ["ClipGradientNorm"] = _options.ClipGradientNorm,
        ["ClipGradientValue"] = _options.ClipGradientValue,
        ["GradientAccumulation"] = _options.GradientAccumulation,
        ["L1Regularization"] = _options.L1Regularization,
        ["L2Regularization"] = _options.L2Regularization,
        ["WeightAveraging"] = _options.WeightAveraging,
        ["EarlyStopping"] = _options.EarlyStopping,
        ["RestoreBestEpoch"] = _options.RestoreBestEpoch,
        ["Precision"] = _options.Precision,
        ["Seed"] = Seed,
        ["Runtime"] = Runtime.Name,
    };

    private void Log(EpochResult epoch, int epochs)
    {
        string validated = epoch.ValidationLoss is null ? "" : $", validation loss {epoch.ValidationLoss:F4}";
        string accuracy = epoch.ValidationAccuracy is null ? "" : $", accuracy {epoch.ValidationAccuracy:P1}";
        string error = epoch.ValidationError is null ? "" : $", mean error {epoch.ValidationError:G4}";
        _channel.Info(MessageSensitivity.None, "{0} epoch {1}/{2}: loss {3:F4}{4} ({5:F1} s, {6:P0} of it waiting for data)",
            epoch.Phase, epoch.Epoch, epochs, epoch.TrainLoss, validated + accuracy + error, epoch.Duration.TotalSeconds, epoch.DataWaitShare);
    }

    private void Warn(string message)
    {
        _warnings.Add(message);
        _channel.Warning(MessageSensitivity.None, "{0}", message);
    }
}
