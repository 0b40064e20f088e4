using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Trainers.DensePrediction;

/// <summary>
/// The phases of a Fit whose network ends in its loss: the head alone (<see cref="TrainingPhase.Head"/>), then all layers together
/// (<see cref="TrainingPhase.Backbone"/>).
/// </summary>
internal sealed class DenseRun
{
    private readonly DenseTrainerOptions _options;
    private readonly TrainingRun _run;
    private readonly Dictionary<string, OnnxTensor> _trained = [];
    private string _device = "";

    /// <param name="options">Validated options.</param>
    public DenseRun(DenseTrainerOptions options)
    {
        _options = options;
        _run = new TrainingRun(options.Callbacks);
    }

    /// <summary>Its GPU is used.</summary>
    public required MLContext Context { get; init; }

    public required TrainerLog Log { get; init; }

    public required ITrainingRuntime Runtime { get; init; }

    public required int Seed { get; init; }

    public required IProgress<TrainingProgress> Progress { get; init; }

    /// <summary>From pixels and targets to outputs of which the first is the loss.</summary>
    public required OnnxGraph Network { get; init; }

    /// <summary>The names of the backbone's parameters.</summary>
    public required IReadOnlyList<string> BackboneParameters { get; init; }

    /// <summary>The names of the head's parameters.</summary>
    public required IReadOnlyList<string> HeadParameters { get; init; }

    public required ITrainingRows Rows { get; init; }

    public required DenseTargets Targets { get; init; }

    public required RowSplit Split { get; init; }

    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>The names of the classes.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Makes the deployable model of trained weights.</summary>
    public required Func<IReadOnlyDictionary<string, OnnxTensor>, OnnxGraph> Deployed { get; init; }

    /// <summary>Values that only the run knows of the options that a checkpoint must match.</summary>
    public required IReadOnlyDictionary<string, object?> Used { get; init; }

    /// <summary>Trains.</summary>
    /// <param name="weights">Receives the weights that the model gets.</param>
    /// <exception cref="CheckpointException">The checkpoint to resume from cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">Training fell apart before anything was learned.</exception>
    /// <exception cref="OperationCanceledException">It was canceled before an epoch had run.</exception>
    public TrainingHistory Train(out IReadOnlyDictionary<string, OnnxTensor> weights)
    {
        Dictionary<string, string> settings = TrainerSettings.Of(_options, Used);
        (TrainingCheckpoint Checkpoint, string Path)? resumed = _options.ResumeFrom is { } source
            ? CheckpointFolder.Find(source, settings, _options.ResumeFromPrevious, Log.Warn)
            : null;
        _run.LabelNames = Classes;
        _run.Preprocessing = Preprocessing;
        _run.ResumedFrom = resumed?.Path;
        _run.Completed.AddRange(resumed?.Checkpoint.History ?? []);
        OnnxGraph network = Network;
        bool trainsBackbone = _options.Epochs > 0 && _options.BackboneLearningRateMultiplier > 0;
        TrainingLoop.PhaseResult? result = null;
        try
        {
            if (_options.FreezeEpochs > 0 && resumed?.Checkpoint.Phase != TrainingPhase.Backbone)
                (network, result) = Run(network, TrainingPhase.Head, _options.FreezeEpochs, HeadParameters, settings, resumed?.Checkpoint);
            if (_options.Epochs > 0 && result?.Reason is null or StopReason.Completed or StopReason.EarlyStopped)
                (network, result) = Run(
                    network,
                    TrainingPhase.Backbone,
                    _options.Epochs,
                    trainsBackbone ? [.. BackboneParameters, .. HeadParameters] : HeadParameters,
                    settings,
                    resumed?.Checkpoint
                );
        }
        catch (Exception e)
        {
            _run.Fail(e);
            throw;
        }
        TrainingLoop.PhaseResult last = result!;
        if (last.Reason == StopReason.NotFiniteLoss && _run.Completed.Count == 0)
            throw new TrainingDivergedException($"Training diverged: {last.Message}.");
        _run.ThrowIfNothingLearned(last, _options.CancellationToken);
        weights = _trained;
        return RunJournal.End(_run, Log, last, Runtime, _device, Split.Validation.Length > 0, start: null);
    }

    private (OnnxGraph Network, TrainingLoop.PhaseResult Result) Run(
        OnnxGraph network,
        TrainingPhase phase,
        int epochs,
        IReadOnlyCollection<string> parameters,
        IReadOnlyDictionary<string, string> settings,
        TrainingCheckpoint? resumed
    )
    {
        using ITrainingSession session = Runtime.CreateSession(network, SessionOptions(network, phase, parameters));
        _device = session.Device;
        _run.Network = network;
        _run.Exporter = Deployed;
        var loop = new TrainingLoop
        {
            Phase = phase,
            Session = session,
            Rows = Rows,
            Targets = Targets,
            TrainingRows = Split.Training,
            ValidationRows = Split.Validation,
            Epochs = epochs,
            BatchSize = _options.BatchSize,
            LearningRate = _options.LearningRate,
            Schedule = _options.Schedule,
            ReduceOnPlateau = _options.ReduceOnPlateau,
            Loss = DenseTargets.FirstValue,
            Seed = Seed,
            JudgesByFigure = _options.BestEpochBy == BestEpochMeasure.Metric,
            EarlyStopping = _options.EarlyStopping,
            RestoreBestWeights = _options.RestoreBestWeights,
            Progress = Progress,
            Run = _run,
            Settings = settings,
            Resume = resumed?.Phase == phase ? resumed : null,
            EpochEnded = epoch => RunJournal.Write(Log, epoch, epochs),
            Warned = Log.Warn,
            CancellationToken = _options.CancellationToken,
        };
        int batch = Math.Min(_options.BatchSize, Split.Training.Length);
        TrainingMemory.Of(network, batch)?.Check(MemoryLimit.Current(), batch, Log.Warn);
        TrainingLoop.PhaseResult result = loop.Train();
        // Only what was trained: constants of the loss may have names that the deployed graph has, too.
        foreach ((string name, OnnxTensor tensor) in session.ReadWeights())
            _trained[name] = tensor;
        return (network.WithWeights(_trained), result);
    }

    private TrainingSessionOptions SessionOptions(OnnxGraph network, TrainingPhase phase, IReadOnlyCollection<string> parameters)
    {
        TrainingSessionOptions session = _options.SessionOptions(Context, Seed);
        session.TrainableParameters = parameters;
        session.ParameterGroups = parameters.ToDictionary(
            name => name,
            name => new ParameterGroup(
                LearningRate: HeadParameters.Contains(name) ? 1 : _options.BackboneLearningRateMultiplier,
                // Decay pulls weights to zero; norms' scales and biases have no reason to be there.
                WeightDecay: network.Initializers[name].Shape.Count > 1 ? 1 : 0
            )
        );
        session.Optimizer = _options.Optimizer;
        session.Loss = DenseTargets.FirstValue;
        // The few steps of a head are no average yet.
        if (phase == TrainingPhase.Head)
            session.WeightAveraging = null;
        return session;
    }
}
