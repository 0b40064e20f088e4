using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Sessions;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers;

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
    private DecodedImageCache? _imageCache;
    private FeatureFile? _featureFile;
    private string _device = "";

    public TrainerRun(MLContext context, IHost host, IChannel channel, ImageTrainerOptions options, DataViewSchema schema)
    {
        (_context, _channel, _options) = (context, channel, options);
        SessionOpening.Check(context);
        _task = LabeledTask.Of(options.Task).Bind(schema[options.LabelColumnName], options.PredictedLabelColumnName);
        Runtime = options.Runtime ?? TrainingRuntime.Default();
        Seed = options.Seed ?? host.Rand.Next();
        _run = new TrainingRun(options.Callbacks) { LabelNames = _task.LabelNames };
        ValidationKeys = ValidationLabels.Map(options, schema[options.LabelColumnName]);
        Progress = new ProgressLog(Info, options.Progress);
        string[][] alike = [.. _task.LabelNames.GroupBy(name => name.Trim(), StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.ToArray())];
        if (alike.Length > 0)
            Warn($"Column '{options.LabelColumnName}' has classes that differ only in case or in spaces around them, and are trained as different ones: " +
                $"{string.Join("; ", alike.Take(5).Select(names => string.Join(", ", names.Select(name => $"'{name}'"))))}{(alike.Length > 5 ? "; ..." : "")}.");
    }

    public ITrainingRuntime Runtime { get; }

    /// <summary>The number of processes that train together.</summary>
    public int WorldSize => (Runtime as IWorkerRuntime)?.WorldSize ?? 1;

    /// <summary>This one among them, from 0.</summary>
    public int Rank => (Runtime as IWorkerRuntime)?.Rank ?? 0;

    public int Seed { get; }

    /// <summary>The number of outputs that the network must have.</summary>
    public int Outputs => _task.Outputs;

    /// <summary>The checkpoint that the run resumes from; null if it starts from scratch.</summary>
    public TrainingCheckpoint? Resumed { get; private set; }

    public int[] TrainingRows => _rows.Training;

    /// <summary>The training keys of the validation set's classes; null if the keys are the same.</summary>
    public int[]? ValidationKeys { get; }

    /// <summary>Gets every report of how far the run is: for the log, and for whom the options name.</summary>
    public IProgress<TrainingProgress> Progress { get; }

    /// <summary>True if an epoch of any phase has been completed.</summary>
    public bool HasLearned => _run.Completed.Count > 0;

    /// <summary>The loss to minimize.</summary>
    public Loss Loss => _loss!;

    /// <summary>Opens the cache of decoded images that the options ask for; it becomes the caller's.</summary>
    /// <param name="preprocessing">The preprocessing that decoded images depend on.</param>
    /// <returns>Null if none is wanted, or another run has it open.</returns>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public DecodedImageCache? OpenImageCache(ImagePreprocessing preprocessing)
    {
        _imageCache = OpenCache(folder => DecodedImageCache.Open(folder, preprocessing), "cache of decoded images");
        return _imageCache;
    }

    /// <summary>Opens the file of features of a network in the folder that the options name; it becomes the caller's.</summary>
    /// <param name="network">The network's key.</param>
    /// <param name="size">The number of its features.</param>
    /// <returns>Null if none is wanted, or another run has it open.</returns>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public FeatureFile? OpenFeatureFile(RecordCache.Key network, int size)
    {
        _featureFile = OpenCache(folder => FeatureFile.Open(folder, network, size), "file of this backbone's features");
        return _featureFile;
    }

    private T? OpenCache<T>(Func<string, T?> open, string what) where T : RecordCache
    {
        if (_options.CacheFolder is not { } folder)
            return null;
        T? cache;
        try
        {
            cache = open(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{nameof(ImageTrainerOptions.CacheFolder)} '{folder}' cannot be used: {e.Message} Choose a folder that can be written to, or null.", e);
        }
        if (cache is null)
            Warn($"The {what} in '{folder}' is in use by another run; this one goes without it.");
        return cache;
    }

    /// <summary>Takes the rows that were read: splits them, makes targets and loss, and finds the checkpoint to go on from.</summary>
    /// <param name="preprocessing">The preprocessing of the network's input.</param>
    /// <param name="labels">The labels: first the training view's, then the validation set's.</param>
    /// <param name="trainingCount">The number of rows of the training view.</param>
    /// <param name="settings">The settings that a checkpoint must match, besides those of all trainers.</param>
    /// <exception cref="InvalidOperationException">There are no rows, or of one class only.</exception>
    /// <exception cref="CheckpointException">The checkpoint to resume from cannot be used.</exception>
    public void Begin(ImagePreprocessing preprocessing, RowLabels labels, int trainingCount, IEnumerable<KeyValuePair<string, object?>> settings)
    {
        _run.Preprocessing = _preprocessing = preprocessing;
        if (trainingCount == 0)
            throw new InvalidOperationException($"The training set is empty: it has no row with a readable image in column '{_options.ImageColumnName}'.");
        CachedImages = _imageCache?.Hits ?? 0;
        foreach (RecordCache? file in (RecordCache?[])[_imageCache, _featureFile])
        {
            if (file?.WriteError is { } error)
                Warn($"'{file.Path}' could not be written any further, so later runs make again what is missing there: {error.Message}");
            if (file?.Damaged > 0)
                Info($"'{file.Path}' was damaged or of another version; what could not be used of it was made again.");
        }
        _rows = RowSplit.Of(labels, trainingCount, _task.Classes, _options, Seed);
        if (_options.ValidationFraction > 0 && _rows.Validation.Length == 0)
            Warn($"ValidationFraction {_options.ValidationFraction} of {trainingCount} rows leaves no validation row; no epoch is measured.");
        if (_options.TestTimeAugmentation?.ViewsOf(preprocessing).Length == 1)
            Warn($"{nameof(ImageTrainerOptions.TestTimeAugmentation)} has one view only: images are resized to {preprocessing.Width} x {preprocessing.Height}, " +
                "which leaves no corners to crop. Lower Preprocessing.CropFraction, or choose TestTimeAugmentation.Flip.");
        var balance = new ClassBalance(labels, _rows.Training, _task.Classes, _options);
        if (balance.Problem is { } problem)
            Warn(problem);
        _loss = balance.Weigh(_options.Loss ?? LabeledTask.Of(_options.Task).DefaultLoss(_options), _task.Outputs);
        _targets = _task.CreateTargets(labels, _rows.Training, _loss);
        SamplingWeights = _options.UseWeightedSampling ? balance.SamplingWeights() : null;

        _settings = settings.Concat(TrainerSettings.Of(_options, _targets, _loss, _rows, preprocessing)).Append(new("Seed", Seed)).Append(new("Runtime", Runtime.Name)).ToDictionary(s => s.Key, s => SettingText.Of(s.Value));
        if (_options.ResumeFrom is not { } source || CheckpointFolder.Find(source, _settings, _options.ResumeFromPrevious, Warn) is not { } found)
            return;
        Resumed = found.Checkpoint;
        _run.ResumedFrom = found.Path;
        _run.Completed.AddRange(found.Checkpoint.History);
        Info($"Going on from checkpoint {found.Path}: {Resumed.Phase} epoch {Resumed.Loop.Epoch + 1}");
    }

    private IReadOnlyList<double>? SamplingWeights { get; set; }

    private long CachedImages { get; set; }

    /// <summary>The number of rows of features that earlier fits computed.</summary>
    public long KnownFeatures { get; set; }

    /// <summary>The number of images that were turned upright.</summary>
    public int TurnedImages { private get; set; }

    /// <summary>Opens the teacher that the options name; it becomes the caller's.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="ArgumentException">It does not fit the images or the classes.</exception>
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
    /// <param name="phase">The phase.</param>
    /// <param name="session">The session; it stays the caller's.</param>
    /// <param name="network">The network in the session.</param>
    /// <param name="inputs">The rows' inputs.</param>
    /// <param name="epochs">The number of epochs.</param>
    /// <param name="learningRate">The schedule's base rate.</param>
    /// <param name="augmentsBatches">True if batches may be mixed.</param>
    /// <param name="deployed">Makes the whole network, from canvas pixels to outputs, of trained weights.</param>
    /// <param name="teacher">Whose answers the inputs, images, are also compared with; null without.</param>
    /// <param name="startsTrained">True if the network is already trained: if no epoch improves it on the validation rows, it is not changed.</param>
    /// <param name="lowersRate">True to lower the rate if the loss rises, because the user did not choose it.</param>
    /// <exception cref="TrainingDivergedException">Training fell apart before anything was learned.</exception>
    public TrainingLoop.PhaseResult Train(
        TrainingPhase phase, ITrainingSession session, OnnxGraph network, ITrainingRows inputs, int epochs, float learningRate, bool augmentsBatches,
        Func<IReadOnlyDictionary<string, OnnxTensor>, OnnxGraph> deployed, Teacher? teacher = null, bool startsTrained = false, bool lowersRate = false)
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
            TargetCompletion = teacher,
            Share = share,
            Seed = Seed,
            BatchAugmenter = augmentsBatches && _options.BatchAugmentation is { } mix ? new BatchAugmenter(mix, share.Rank == 0 ? Seed : RunSeed.Of(Seed, share.Rank), _preprocessing!.Height, _preprocessing.Width) : null,
            SamplingWeights = SamplingWeights,
            EarlyStopping = _options.EarlyStopping,
            RestoreBestWeights = _options.RestoreBestWeights,
            // A teacher's targets are not known before it has run.
            ChanceLoss = teacher is null ? LearningCheck.ChanceLoss(_targets!, _loss!, _rows.Training) : double.PositiveInfinity,
            StartsTrained = startsTrained,
            LowersRate = lowersRate,
            Progress = Progress,
            Run = _run,
            Settings = _settings,
            Resume = Resumed?.Phase == phase ? Resumed : null,
            EpochEnded = epoch => Log(epoch, epochs),
            Warned = Warn,
            CancellationToken = _options.CancellationToken,
        };
        try
        {
            TrainingLoop.PhaseResult outcome = loop.Train();
            if (LearningCheck.Problem(_run.Completed, outcome, loop.ChanceLoss, learningRate, phase) is { } problem)
                Warn(problem);
            // The last phase's stays.
            if (_options.CalibrateProbabilities == true && _rows.Validation.Length > 0)
                _temperature = Calibrate(loop.Predict(_rows.Validation), _rows.Validation, "the validation rows");
            return outcome;
        }
        catch (Exception e)
        {
            _run.Fail(e);
            throw;
        }
    }

    /// <summary>
    /// Makes a head's probabilities honest by the training rows alone: parts of them are predicted by heads trained on the rest. Of many rows one part is enough, and its head is trained
    /// as the head itself.
    /// </summary>
    /// <param name="small">Predicts folds of few rows; null if there are many.</param>
    /// <param name="createSession">Makes the session of a head as it was before training; it becomes this method's.</param>
    /// <param name="inputs">The features.</param>
    /// <param name="outcome">The result of the head's own training.</param>
    /// <param name="epochs">The number of epochs that it was to take.</param>
    /// <param name="learningRate">Its rate.</param>
    public void CalibrateHead(Func<HeadFolds>? small, Func<ITrainingSession> createSession, ITrainingRows inputs, TrainingLoop.PhaseResult outcome, int epochs, float learningRate)
    {
        if (!_options.CalibratesByFolds || _temperature is not null || outcome.BestEpoch < 0 || _loss is not CrossEntropy
            || outcome.Reason is StopReason.Canceled or StopReason.NotFiniteLoss || _options.CancellationToken.IsCancellationRequested)
            return;
        int[][] folds = CalibrationFolds.Of(_targets!.Labels!, _rows.Training, Seed);
        if (folds.Length == 0)
            return;
        float[]? logits = small is not null
            ? small().Predict(folds, _targets, _rows.Training, SamplingWeights)
            : PredictFold(folds[0], createSession, inputs, outcome.BestEpoch + 1, epochs, learningRate);
        if (logits is null || !float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(logits)))
            return;
        _temperature = Calibrate(logits, [.. folds.SelectMany(fold => fold.Select(place => _rows.Training[place]))], $"training rows, by heads trained without them ({folds.Length} folds)");
    }

    /// <summary>Trains a head without some rows, as the head itself was trained, and predicts them.</summary>
    /// <returns>Null if training was canceled.</returns>
    private float[]? PredictFold(int[] fold, Func<ITrainingSession> createSession, ITrainingRows inputs, int kept, int epochs, float learningRate)
    {
        using ITrainingSession session = createSession();
        int[] places = [.. Enumerable.Range(0, _rows.Training.Length).Except(fold)];
        var run = new TrainingRun([]);
        var loop = new TrainingLoop
        {
            Phase = TrainingPhase.Head,
            Session = session,
            Rows = inputs,
            Targets = _targets!,
            TrainingRows = [.. places.Select(place => _rows.Training[place])],
            ValidationRows = [],
            Epochs = epochs,
            BatchSize = _options.BatchSize,
            LearningRate = learningRate,
            Schedule = _options.Schedule,
            Loss = _loss!,
            Share = new WorkerShare(session as IWorkers),
            Seed = Seed,
            SamplingWeights = SamplingWeights is { } weights ? [.. places.Select(place => weights[place])] : null,
            Run = run,
            // Where the head is that of an epoch in the middle, so is this one.
            EpochEnded = epoch =>
            {
                if (epoch.Epoch >= kept)
                    run.RequestStop("as long as the head itself");
            },
            CancellationToken = _options.CancellationToken,
        };
        return loop.Train().Reason is StopReason.Canceled or StopReason.NotFiniteLoss ? null : loop.Predict([.. fold.Select(place => _rows.Training[place])]);
    }

    private TemperatureScaling Calibrate(float[] logits, int[] rows, string name)
    {
        int[] labels = [.. rows.Select(row => _targets!.Labels![row])];
        TemperatureScaling fitted = TemperatureScaling.FitCautiously(logits, labels, _targets!.Width);
        Info($"Temperature {fitted.Temperature:F2} fitted to {rows.Length} of {name}: log-loss {fitted.LogLossAfter:F4}, before {fitted.LogLossBefore:F4}");
        return fitted;
    }

    /// <summary>Ends the run.</summary>
    /// <param name="network">From canvas pixels to outputs.</param>
    /// <param name="outcome">The result of the last phase.</param>
    /// <param name="invalidImages">The images that were left out.</param>
    /// <param name="start">The epoch, counted over all phases, that the last phase began with; null for the last one before it.</param>
    public TrainedNetwork Finish(OnnxGraph network, TrainingLoop.PhaseResult outcome, IReadOnlyList<InvalidImage> invalidImages, int? start = null)
    {
        int before = _run.Completed.Count - outcome.Epochs.Count;
        int best = outcome.BestEpoch < 0 ? start ?? before - 1 : before + outcome.BestEpoch;
        if (outcome.Reason is StopReason.Canceled or StopReason.NotFiniteLoss or StopReason.Stopped)
            Warn($"Training stopped early: {outcome.Message}. The model has the weights {Kept(best)}.");
        else if (outcome.BestEpoch < 0 && outcome.Epochs.Count > 0)
            Warn($"No epoch of training layers of the backbone was better on the validation rows than the head alone. The model has the weights {Kept(best)}; the backbone is as it was.");
        else if (_rows.Validation.Length == 0 && outcome.BestEpoch < outcome.Epochs.Count - 1)
            Warn($"The loss had risen by the end of training. The model has the weights {Kept(best)}.");
        _run.End(outcome.Reason, outcome.Message);
        return new TrainedNetwork(network, _preprocessing!, Scoring, new TrainingResult
        {
            History = new TrainingHistory
            {
                Epochs = [.. _run.Completed],
                StopReason = outcome.Reason,
                StopMessage = outcome.Message,
                BestEpoch = best,
                Runtime = Runtime.Name,
                Device = _device,
                ResumedFrom = _run.ResumedFrom,
            },
            TrainingRows = _rows.Training.Length,
            ValidationRows = _rows.Validation.Length,
            InvalidImages = invalidImages,
            Temperature = _temperature,
            CachedImages = CachedImages,
            CachedFeatures = KnownFeatures,
            TurnedImages = TurnedImages,
            Warnings = _warnings,
        });
    }

    private Loss LossWith(Teacher? teacher) => teacher?.Loss((CrossEntropy)_loss!) ?? _loss!;

    private ScoringTask Scoring => field ??= _task.CreateScoring(_targets!);

    private string Kept(int epoch) => epoch < 0
        ? "that training began with"
        : $"of {_run.Completed[epoch].Phase} epoch {_run.Completed[epoch].Epoch} (training loss {_run.Completed[epoch].TrainLoss:F4}{(_run.Completed[epoch].ValidationLoss is { } loss ? $", validation loss {loss:F4}" : "")})";

    private void Log(EpochResult epoch, int epochs)
    {
        string validated = epoch.ValidationLoss is null ? "" : $", validation loss {epoch.ValidationLoss:F4}";
        string accuracy = epoch.ValidationAccuracy is null ? "" : $", accuracy {epoch.ValidationAccuracy:P1}";
        string error = epoch.ValidationMeanAbsoluteError is null ? "" : $", mean error {epoch.ValidationMeanAbsoluteError:G4}";
        Info($"{epoch.Phase} epoch {epoch.Epoch}/{epochs}: loss {epoch.TrainLoss:F4}" +
            $"{validated}{accuracy}{error} ({epoch.Duration.TotalSeconds:F1} s, {epoch.DataWaitFraction:P0} of it waiting for data)");
    }

    /// <summary>Writes a line to the log.</summary>
    public void Info(string message) => _channel.Info(MessageSensitivity.None, "{0}", message);

    /// <summary>Adds a warning to the log and to the result.</summary>
    public void Warn(string message)
    {
        _warnings.Add(message);
        _channel.Warning(MessageSensitivity.None, "{0}", message);
    }
}
