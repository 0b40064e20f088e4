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

    /// <summary>The number of processes that train together, each on its share of every step; 1 for one alone.</summary>
    public int WorldSize { get; private set; } = 1;

    /// <summary>This process among them, from 0. Each has its callbacks; files that all would write are the first one's.</summary>
    public int Rank { get; private set; }

    /// <summary>The rows in a step, of all workers together.</summary>
    public int BatchSize { get; private set; }

    /// <summary>The rows trained on.</summary>
    public int TrainingRows { get; private set; }

    /// <summary>The rows each epoch is measured by.</summary>
    public int ValidationRows { get; private set; }

    /// <summary>The number of outputs of the network for a row.</summary>
    public int OutputCount { get; private set; }

    /// <summary>The class of each validation row, from 0, in the order of <see cref="EpochEndArguments.ValidationOutputs"/>; empty where labels are no classes.</summary>
    public IReadOnlyList<int> ValidationLabels { get; private set; } = [];

    /// <summary>The names of the classes or labels; empty where there are none.</summary>
    public IReadOnlyList<string> LabelNames { get; internal init; } = [];

    /// <summary>The preprocessing of the network's input; undo it to show an image.</summary>
    public ImagePreprocessing? Preprocessing { get; internal set; }

    /// <summary>The network in training, with its weights as they were at the start.</summary>
    public OnnxGraph? Network { get; internal set; }

    /// <summary>The checkpoint that the run goes on from; null where it begins anew.</summary>
    public string? ResumedFrom { get; internal set; }

    /// <summary>The epochs completed so far, of all phases; also those before the checkpoint.</summary>
    public IReadOnlyList<EpochResult> History => Completed;

    /// <summary>The session: weights can be read. A callback that changes them, or steps, trains.</summary>
    /// <exception cref="InvalidOperationException">No network is being trained now.</exception>
    public ITrainingSession Session => _session ?? throw new InvalidOperationException("No network is being trained now.");

    internal List<EpochResult> Completed { get; } = [];

    internal string? StopRequest { get; private set; }

    internal bool NeedsValidationOutputs => _callbacks.Any(c => c.NeedsValidationOutputs);

    /// <summary>Makes the deployable model of weights.</summary>
    internal Func<IReadOnlyDictionary<string, OnnxTensor>, OnnxGraph>? Exporter { get; set; }

    internal Action<string>? CheckpointWriter { get; set; }

    /// <summary>Ends training after this step (of several workers: after this epoch, for all of them); the model is the best one until then, as when training is canceled.</summary>
    /// <param name="reason">Why, for <see cref="TrainingHistory.StopMessage"/>.</param>
    public void RequestStop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        StopRequest ??= reason;
    }

    /// <summary>
    /// Writes a checkpoint, from which a later run goes on exactly. The file appears when it is whole: a crash never leaves half of one, nor
    /// takes the one that was there.
    /// </summary>
    /// <param name="path">The file; replaced where there is one.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="InvalidOperationException">No network is being trained now.</exception>
    public void SaveCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (CheckpointWriter is null)
            throw new InvalidOperationException("No network is being trained now.");
        CheckpointWriter(path);
    }

    /// <summary>The model with the weights of now, complete with preprocessing and outputs, as the trained transformer would have it.</summary>
    /// <exception cref="InvalidOperationException">No network is being trained now.</exception>
    public OnnxGraph ExportModel() => Exporter is null
        ? throw new InvalidOperationException("No network is being trained now.")
        : Exporter(Session.ReadWeights());

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

    /// <summary>Lets callbacks close what they opened; the error itself is on its way to the caller.</summary>
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
