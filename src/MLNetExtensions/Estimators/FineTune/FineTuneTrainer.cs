using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Estimators.FineTune;

/// <summary>
/// Fine-tuning, in three phases: the backbone runs once over all pictures (<see cref="TrainingPhase.Features"/>); the new head is trained on
/// what it gave (<see cref="TrainingPhase.Head"/>); where layers of the backbone are to be trained, they are, together with the head, while the
/// layers before them stay what they were and are not run again (<see cref="TrainingPhase.Backbone"/>).
/// </summary>
internal sealed class FineTuneTrainer
{
    private readonly MLContext _context;
    private readonly IChannel _channel;
    private readonly FineTuneOptions _options;
    private readonly ITrainingRuntime _runtime;
    private readonly ImagePreprocessing _preprocessing;
    private readonly OnnxGraph _body;
    private readonly int _classes;
    private readonly int _seed;
    private readonly List<EpochResult> _epochs = [];
    private readonly List<string> _warnings = [];
    private string _device = "";

    private FineTuneTrainer(MLContext context, IHost host, IChannel channel, FineTuneOptions options, int classes)
    {
        _context = context;
        _channel = channel;
        _options = options;
        _classes = classes;
        _runtime = options.Runtime ?? TrainingRuntime.Default();
        _seed = options.Seed ?? host.Rand.Next();
        Backbone backbone = options.Preprocessing is null
            ? options.Backbone!
            : Backbone.FromGraph(options.Backbone!.Graph, options.Preprocessing, options.Backbone.Name, options.Backbone.FeatureNode);
        _preprocessing = backbone.Preprocessing;
        // Constant nodes become initializers, so that trained values can be put back by name.
        _body = LiftConstants.Apply(PreprocessingGraph.Prepend(BackboneCut.Cut(backbone), _preprocessing, cropInGraph: true, PixelsName));
    }

    /// <summary>The input of the trained network.</summary>
    public const string PixelsName = "mlnetx/pixels";

    /// <summary>Trains on a view whose columns the estimator has checked.</summary>
    /// <param name="context">Where logs, seeds, temporary files and the GPU come from.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="data">The training rows.</param>
    public static TrainedClassifier Train(MLContext context, FineTuneOptions options, IDataView data)
    {
        int classes = (int)((KeyDataViewType)data.Schema[options.LabelColumnName].Type).Count;
        if (classes < 2)
            throw new InvalidOperationException($"Column '{options.LabelColumnName}' has {classes} class; a classifier needs at least two.");
        IHost host = ((IHostEnvironment)context).Register("FineTune");
        using IChannel channel = host.Start("Training");
        return new FineTuneTrainer(context, host, channel, options, classes).Run(data);
    }

    private TrainedClassifier Run(IDataView data)
    {
        using var frozen = new FrozenLayers(_body, _options.Layers, _options.Backbone!, _options.Threads);
        using FrozenRows rows = FrozenRows.Read(_context, _options, _preprocessing, frozen, data);
        if (rows.TrainingCount == 0)
            throw new InvalidOperationException($"The training set is empty: it has no row with a readable picture in column '{_options.ImageColumnName}'.");
        (int[] training, int[] validation) = TrainValidationSplit(rows);
        CheckClasses(rows.Labels, training);

        OnnxGraph head = TrainHead(rows, training, validation, out TrainingLoop.Outcome outcome);
        OnnxGraph body = _body;
        if (frozen.Trained is not null && outcome.Reason is (StopReason.Completed or StopReason.EarlyStopped))
            (body, head) = TrainBackbone(frozen, rows, head, training, validation, out outcome);
        int bestEpoch = outcome.BestEpoch < 0 ? _epochs.Count - 1 - outcome.Epochs.Count : _epochs.Count - outcome.Epochs.Count + outcome.BestEpoch;
        if (outcome.Reason is StopReason.Cancelled or StopReason.NotFiniteLoss)
            Warn($"Training stopped early: {outcome.Message}. The model is the best one until then.");

        return new TrainedClassifier(GraphJoin.Append(body, ClassificationHead.Fold(head)), _preprocessing, new FineTuneResult
        {
            History = new TrainingHistory
            {
                Epochs = _epochs,
                StopReason = outcome.Reason,
                StopMessage = outcome.Message,
                BestEpoch = bestEpoch,
                Runtime = _runtime.Name,
                Device = _device,
            },
            TrainingRows = training.Length,
            ValidationRows = validation.Length,
            BadImages = rows.BadImages,
            Warnings = _warnings,
        });
    }

    private OnnxGraph TrainHead(FrozenRows rows, int[] training, int[] validation, out TrainingLoop.Outcome outcome)
    {
        (float[] mean, float[] deviation) = FeatureStatistics.Compute(rows.Features, training);
        OnnxGraph head = ClassificationHead.Create(mean, deviation, _classes, _options.HeadDropout, _body.Opset, new Random(_seed));
        bool alone = _options.Layers.Groups == 0;
        int epochs = alone ? _options.EpochsInUse : _options.HeadEpochs;
        if (epochs == 0)
        {
            outcome = new TrainingLoop.Outcome([], -1, StopReason.Completed, "");
            return head;
        }
        // Logistic regression on standardised features. SGD finds the solution with small weights that scikit-learn finds; Adam's steps are equally
        // large for features that are hardly ever there, and test accuracy falls by 9 points on 140 photos.
        Optimizer optimizer = (alone ? _options.Optimizer : null)
            ?? new Sgd { Momentum = 0.9f, Nesterov = true, WeightDecay = _options.HeadL2Regularization / training.Length };
        // A standardised row's squared length is its number of features, and so is the curvature that limits the rate.
        float learningRate = (alone ? _options.LearningRate : null) ?? 4f / mean.Length;
        TrainingSessionOptions sessionOptions = SessionOptions(ClassificationHead.Parameters, optimizer);
        sessionOptions.ParameterScales = new Dictionary<string, ParameterScale> { [ClassificationHead.Bias] = new(LearningRate: 1, WeightDecay: 0) };
        using ITrainingSession session = _runtime.CreateSession(head, sessionOptions);
        outcome = RunLoop(TrainingPhase.Head, session, rows.Features, rows.Labels, training, validation, epochs, learningRate);
        return head.WithWeights(session.ReadWeights());
    }

    private (OnnxGraph Body, OnnxGraph Head) TrainBackbone(
        FrozenLayers frozen, FrozenRows rows, OnnxGraph head, int[] training, int[] validation, out TrainingLoop.Outcome outcome)
    {
        OnnxGraph network = GraphJoin.Append(frozen.Trained!, head);
        TrainingSessionOptions sessionOptions = SessionOptions([.. frozen.TrainedParameters, .. ClassificationHead.Parameters], _options.Optimizer ?? new AdamW { WeightDecay = 0.05f });
        sessionOptions.ParameterScales = frozen.TrainedParameters.Concat(ClassificationHead.Parameters).ToDictionary(name => name, name => new ParameterScale(
            LearningRate: ClassificationHead.Parameters.Contains(name) ? 1 : _options.BackboneLearningRateScale,
            // Decay pulls weights to zero; norms' scales and biases have no reason to be there.
            WeightDecay: network.Initializers[name].Shape.Count > 1 ? 1 : 0));
        using ITrainingSession session = _runtime.CreateSession(network, sessionOptions);
        outcome = RunLoop(TrainingPhase.Backbone, session, rows.TrainedLayerInputs, rows.Labels, training, validation, _options.EpochsInUse, _options.BackboneLearningRate);
        IReadOnlyDictionary<string, OnnxTensor> weights = session.ReadWeights();
        return (_body.WithWeights(weights), head.WithWeights(weights));
    }

    private TrainingLoop.Outcome RunLoop(
        TrainingPhase phase, ITrainingSession session, ITrainingRows inputs, int[] labels, int[] training, int[] validation, int epochs, float learningRate)
    {
        _device = session.Device;
        return new TrainingLoop
        {
            Phase = phase,
            Session = session,
            Rows = inputs,
            Targets = new ClassTargets(labels, _classes, new CrossEntropy(_options.LabelSmoothing, ClassWeights(labels, training))),
            TrainingRows = training,
            ValidationRows = validation,
            Epochs = epochs,
            BatchSize = _options.BatchSize,
            LearningRate = learningRate,
            Schedule = _options.Schedule,
            Loss = new CrossEntropy(),
            Seed = _seed,
            EarlyStopping = _options.EarlyStopping,
            RestoreBestEpoch = _options.RestoreBestEpoch,
            Progress = _options.Progress,
            EpochEnded = epoch =>
            {
                _epochs.Add(epoch);
                string validated = epoch.ValidationLoss is null ? "" : $", validation loss {epoch.ValidationLoss:F4}, accuracy {epoch.ValidationAccuracy:P1}";
                _channel.Info(MessageSensitivity.None, "{0} epoch {1}/{2}: loss {3:F4}{4} ({5:F1} s)", phase, epoch.Epoch, epochs, epoch.TrainLoss, validated, epoch.Duration.TotalSeconds);
            },
            CancellationToken = _options.CancellationToken,
        }.Train();
    }

    private TrainingSessionOptions SessionOptions(IReadOnlyCollection<string> parameters, Optimizer optimizer) => new()
    {
        TrainableParameters = parameters,
        Optimizer = optimizer,
        Loss = new CrossEntropy(),
        BatchNorm = _options.BatchNorm,
        ClipGradientNorm = _options.ClipGradientNorm,
        Precision = _options.Precision,
        Threads = _options.Threads,
        Seed = _seed,
        GpuDeviceId = _context.GpuDeviceId,
        FallbackToCpu = _context.FallbackToCpu,
    };

    /// <summary>The rows to train on and to measure on: those of the validation set, or a share of each class drawn by the seed.</summary>
    private (int[] Training, int[] Validation) TrainValidationSplit(FrozenRows rows)
    {
        int[] all = [.. Enumerable.Range(0, rows.TrainingCount)];
        if (_options.ValidationSet is not null)
            return (all, [.. Enumerable.Range(rows.TrainingCount, rows.Labels.Length - rows.TrainingCount)]);
        if (_options.ValidationFraction == 0)
            return (all, []);
        var random = new Random(_seed);
        var training = new List<int>();
        var validation = new List<int>();
        foreach (IGrouping<int, int> group in all.GroupBy(row => rows.Labels[row]).OrderBy(group => group.Key))
        {
            int[] members = [.. group];
            random.Shuffle(members);
            int kept = Math.Max(1, members.Length - (int)Math.Round(members.Length * _options.ValidationFraction));
            training.AddRange(members[..kept]);
            validation.AddRange(members[kept..]);
        }
        if (validation.Count == 0)
            Warn($"ValidationFraction {_options.ValidationFraction} of {all.Length} rows leaves no validation row; no epoch is measured.");
        return ([.. training.Order()], [.. validation.Order()]);
    }

    private void CheckClasses(int[] labels, int[] training)
    {
        int[] counts = Counts(labels, training);
        int present = counts.Count(count => count > 0);
        if (present < 2)
            throw new InvalidOperationException($"All {training.Length} training rows have the same value in column '{_options.LabelColumnName}'; a classifier needs rows of at least two classes.");
        if (present < _classes)
            Warn($"{_classes - present} of {_classes} classes in column '{_options.LabelColumnName}' have no training row and will not be learned: keys {string.Join(", ", Enumerable.Range(0, _classes).Where(c => counts[c] == 0).Select(c => c + 1).Take(20))}.");
    }

    private IReadOnlyList<float>? ClassWeights(int[] labels, int[] training)
    {
        if (_options.ClassWeights is not null)
            return _options.ClassWeights.Count == _classes
                ? _options.ClassWeights
                : throw new ArgumentException($"ClassWeights has {_options.ClassWeights.Count} values; column '{_options.LabelColumnName}' has {_classes} classes.");
        if (!_options.BalanceClasses)
            return null;
        int[] counts = Counts(labels, training);
        int present = counts.Count(count => count > 0);
        return [.. counts.Select(count => count == 0 ? 0 : (float)training.Length / (present * count))];
    }

    private int[] Counts(int[] labels, int[] rows)
    {
        var counts = new int[_classes];
        foreach (int row in rows)
            counts[labels[row]]++;
        return counts;
    }

    private void Warn(string message)
    {
        _warnings.Add(message);
        _channel.Warning(MessageSensitivity.None, "{0}", message);
    }
}
