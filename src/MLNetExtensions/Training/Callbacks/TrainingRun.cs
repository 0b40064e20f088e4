using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Callbacks;

/// <summary>A training run as its callbacks see it.</summary>
public sealed class TrainingRun
{
    private readonly IReadOnlyList<TrainingCallback> _callbacks;
    private ITrainingSession? _session;
    private bool _begun;

    internal TrainingRun(IReadOnlyList<TrainingCallback> callbacks) => _callbacks = callbacks;

    /// <summary>The current phase of training.</summary>
    public TrainingPhase Phase { get; private set; }

    /// <summary>The number of epochs of this phase.</summary>
    public int Epochs { get; private set; }

    /// <summary>The number of steps in an epoch; the last may have fewer rows.</summary>
    public int StepsPerEpoch { get; private set; }

    /// <summary>The number of workers that train together, each on its part of every step; 1 for a single one.</summary>
    public int WorldSize { get; private set; } = 1;

    /// <summary>The rank of this worker, from 0. Each has its callbacks; only the first writes files.</summary>
    public int Rank { get; private set; }

    /// <summary>The number of rows in a step, of all workers together.</summary>
    public int BatchSize { get; private set; }

    /// <summary>The number of training rows.</summary>
    public int TrainingRows { get; private set; }

    /// <summary>The number of validation rows.</summary>
    public int ValidationRows { get; private set; }

    /// <summary>The number of outputs of the network for a row.</summary>
    public int OutputCount { get; private set; }

    /// <summary>
    /// The class of each validation row, from 0, in the order of <see cref="EpochEndArguments.ValidationOutputs"/>; empty if labels are not
    /// classes.
    /// </summary>
    public IReadOnlyList<int> ValidationLabels { get; private set; } = [];

    /// <summary>The names of the classes or labels; empty if there are none.</summary>
    public IReadOnlyList<string> LabelNames { get; internal set; } = [];

    /// <summary>The preprocessing of the network's input; undo it to show an image.</summary>
    public ImagePreprocessing? Preprocessing { get; internal set; }

    /// <summary>The network in training, with its initial weights.</summary>
    public OnnxGraph? Network { get; internal set; }

    /// <summary>The checkpoint that the run resumes from; null if it starts from scratch.</summary>
    public string? ResumedFrom { get; internal set; }

    /// <summary>The epochs completed so far, of all phases; also those before the checkpoint.</summary>
    public IReadOnlyList<EpochResult> History => Completed;

    /// <summary>The session in training.</summary>
    /// <exception cref="InvalidOperationException">No network is being trained now.</exception>
    internal ITrainingSession Session => _session ?? throw new InvalidOperationException("No network is being trained now.");

    internal List<EpochResult> Completed { get; } = [];

    internal string? StopRequest { get; private set; }

    internal bool NeedsValidationOutputs => _callbacks.Any(c => c.NeedsValidationOutputs);

    /// <summary>Makes the deployable model of weights.</summary>
    internal Func<IReadOnlyDictionary<string, OnnxTensor>, OnnxGraph>? Exporter { get; set; }

    internal Action<string>? CheckpointWriter { get; set; }

    /// <summary>
    /// Ends training after this step (with several workers: after this epoch, for all of them); the model is the best one so far, as with
    /// cancellation.
    /// </summary>
    /// <param name="reason">The reason, for <see cref="TrainingHistory.StopMessage"/>.</param>
    public void RequestStop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        StopRequest ??= reason;
    }

    /// <summary>
    /// Writes a checkpoint, from which a later run resumes exactly. The file appears when it is complete: a crash never leaves a partial
    /// file and never removes the old one.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="InvalidOperationException">No network is being trained now.</exception>
    public void SaveCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (CheckpointWriter is null)
            throw new InvalidOperationException("No network is being trained now.");
        CheckpointWriter(path);
    }

    /// <summary>
    /// Copies everything that training changes, by initializer name: the trained parameters and BatchNorm's statistics; with weight
    /// averaging their averages, which the model gets.
    /// </summary>
    /// <exception cref="InvalidOperationException">No network is being trained now.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> ReadWeights() => Session.ReadWeights();

    /// <summary>
    /// Exports the model with the current weights, complete with preprocessing and outputs, like the trained transformer's model.
    /// </summary>
    /// <exception cref="InvalidOperationException">No network is being trained now.</exception>
    public OnnxGraph ExportModel() =>
        Exporter is null ? throw new InvalidOperationException("No network is being trained now.") : Exporter(Session.ReadWeights());

    internal void BeginPhase(TrainingLoop loop, int stepsPerEpoch)
    {
        _session = loop.Session;
        Phase = loop.Phase;
        Epochs = loop.Epochs;
        StepsPerEpoch = stepsPerEpoch;
        BatchSize = loop.BatchSize;
        (WorldSize, Rank) = (loop.Share.WorldSize, loop.Share.Rank);
        TrainingRows = loop.TrainingRows.Length;
        ValidationRows = loop.ValidationRows.Length;
        OutputCount = loop.Targets.Width;
        ValidationLabels = loop.Targets.Labels is { } labels ? [.. loop.ValidationRows.Select(row => labels[row])] : [];
        if (_begun)
            return;
        _begun = true;
        foreach (TrainingCallback callback in _callbacks)
            callback.OnTrainBegin(new TrainBeginArguments(this));
    }

    internal void BeginEpoch(int epoch)
    {
        foreach (TrainingCallback callback in _callbacks)
            callback.OnEpochBegin(new EpochBeginArguments(this, epoch));
    }

    internal void EndStep(int epoch, int step, float loss, float learningRate, TrainingBatch batch)
    {
        for (int i = 0; i < _callbacks.Count; i++)
            _callbacks[i].OnStepEnd(new StepEndArguments(this, epoch, step, loss, learningRate, batch));
    }

    internal void EndEpoch(EpochResult result, int step, bool isBest, ReadOnlyMemory<float> validationOutputs)
    {
        foreach (TrainingCallback callback in _callbacks)
            callback.OnEpochEnd(new EpochEndArguments(this, result, step, isBest, validationOutputs));
    }

    /// <summary>Lets callbacks close their files; the error itself is thrown to the caller.</summary>
    internal void Fail(Exception error)
    {
        EndPhase();
        try
        {
            End(StopReason.Failed, error.Message);
        }
        catch (Exception)
        {
            // It most likely follows from the first error, which is the one to know.
        }
    }

    /// <summary>Ends a run that was canceled before an epoch of any phase had run: there is no model to return.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    internal void ThrowIfNothingLearned(TrainingLoop.PhaseResult outcome, CancellationToken cancellationToken)
    {
        if (outcome.Reason != StopReason.Canceled || Completed.Count > 0)
            return;
        End(outcome.Reason, outcome.Message);
        throw new OperationCanceledException($"Training was {outcome.Message}.", cancellationToken);
    }

    /// <summary>The session is about to be freed.</summary>
    internal void EndPhase() => (_session, Exporter, CheckpointWriter) = (null, null, null);

    internal void End(StopReason reason, string message)
    {
        if (!_begun)
            return;
        _begun = false;
        foreach (TrainingCallback callback in _callbacks)
            callback.OnTrainEnd(new TrainEndArguments(this, reason, message));
    }
}
