using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Batching;
using MLNetExtensions.Backbones.Comparing;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Scoring;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Fine-tuning, in three phases: the backbone runs once over all images (<see cref="TrainingPhase.Features"/>); the new head is trained on
/// what it gave (<see cref="TrainingPhase.Head"/>); where layers of the backbone are to be trained, they are, together with the head, while the
/// layers before them do not change and are not run again (<see cref="TrainingPhase.Backbone"/>).
/// </summary>
internal sealed class FineTuneTrainer
{
    private readonly MLContext _context;
    private readonly FineTuneOptions _options;
    private readonly ImagePreprocessing _preprocessing;
    private readonly OnnxGraph _body;
    private readonly OnnxGraph _deployedBody;
    private readonly TrainerRun _run;

    // The network whose preprocessing nobody stated; null where it is known.
    private readonly OnnxGraph? _assumed;

    private FineTuneTrainer(MLContext context, IHost host, IChannel channel, FineTuneOptions options, DataViewSchema schema)
    {
        _context = context;
        _options = options;
        _run = new TrainerRun(context, host, channel, options, schema);
        Backbone backbone = options.Preprocessing is null
            ? options.Backbone!
            : Backbone.FromGraph(options.Backbone!.Graph, options.Preprocessing, options.Backbone.Name, options.Backbone.FeatureNode);
        _preprocessing = backbone.Preprocessing;
        // A model of this library has a value of that name.
        OnnxGraph cut = ReservedNames.Free(BackboneCut.Cut(backbone), [PixelsName]);
        _assumed = options.Preprocessing is null && backbone.PreprocessingSource == PreprocessingSource.Default ? cut : null;
        _body = WithPreprocessing(cut, cropInGraph: false, views: null);
        _deployedBody = WithPreprocessing(cut, cropInGraph: true, options.TestTimeAugmentation);
    }

    /// <summary>The input of the trained network.</summary>
    public const string PixelsName = "mlnetx/pixels";

    /// <summary>Trains on a view whose columns the estimator has checked.</summary>
    /// <param name="context">The source of logs, seeds, temporary files and the GPU.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="data">The training rows.</param>
    public static TrainedNetwork Train(MLContext context, FineTuneOptions options, IDataView data)
    {
        IHost host = ((IHostEnvironment)context).Register("FineTune");
        using IChannel channel = host.Start("Training");
        return new FineTuneTrainer(context, host, channel, options, data.Schema).Run(data);
    }

    /// <summary>The network behind its preprocessing. Constant nodes become initializers, so that trained values can be put back by name.</summary>
    private OnnxGraph WithPreprocessing(OnnxGraph cut, bool cropInGraph, TestTimeAugmentation? views)
    {
        OnnxGraph network = LiftConstants.Apply(PreprocessingGraph.Prepend(cut, _preprocessing, cropInGraph, PixelsName, views));
        // Layers are trained in 32 bits, whatever the file stores or computes in.
        if (_options.TrainableLayers.Stages > 0)
            network = SingleFloats.Apply(network);
        if (!BatchAxis.IsOne(cut))
            return network;
        if (PreprocessingGraph.ViewCount(network) > 1)
            throw new InvalidOperationException($"The backbone '{_options.Backbone!.Name}' takes one image at a time, and {nameof(FineTuneOptions.TestTimeAugmentation)} shows it several views at once. " +
                "Export the backbone with a dynamic batch, or leave the views out.");
        return BatchAxis.State(network, 1);
    }

    private TrainedNetwork Run(IDataView data)
    {
        using var frozen = new FrozenLayers(_context, _body, _options.TrainableLayers, _options.Backbone!, _options.Threads);
        frozen.Report(_run);
        foreach (string warning in BackboneCut.Warnings(_options.Backbone!))
            _run.Warn(warning);
        if (_assumed is not null)
            _run.Warn(AssumedPreprocessing.Warning(_options.Backbone!, CompareAssumed(data)));
        using DecodedImageCache? cache = _run.OpenImageCache(_preprocessing);
        using FrozenRows rows = FrozenRows.Read(_context, _options, _preprocessing, cache, frozen, _run, data);
        _run.KnownFeatures = rows.KnownFeatures;
        _run.Begin(_preprocessing, rows.Labels, rows.TrainingCount, Settings());

        OnnxGraph head = TrainHead(rows, frozen.Trained is not null, out TrainingLoop.PhaseResult result);
        OnnxGraph body = _deployedBody;
        int? headEpoch = result.BestEpoch < 0 ? null : result.BestEpoch;
        if (frozen.Trained is not null && result.Reason is (StopReason.Completed or StopReason.EarlyStopped))
            (body, head) = TrainBackbone(frozen, rows, head, out result);
        return _run.Finish(GraphJoin.Append(body, ClassificationHead.Fold(head)), result, rows.InvalidImages, headEpoch);
    }

    /// <summary>Tries the usual preprocessings on some of the images; null if labels are not classes.</summary>
    private IReadOnlyList<PreprocessingComparison>? CompareAssumed(IDataView data) => _options.Task != ImageTask.Classification ? null
        : PreprocessingTrial.Compare(_context, _options.Backbone!, _assumed!, data, new ImageRowsOptions
        {
            ImageColumnName = _options.ImageColumnName,
            LabelColumnName = _options.LabelColumnName,
            ImageFolder = _options.ImageFolder,
            Threads = _options.Threads ?? Environment.ProcessorCount,
        }, AssumedPreprocessing.Images, _options.CancellationToken);

    private OnnxGraph TrainHead(FrozenRows rows, bool trainsBackbone, out TrainingLoop.PhaseResult result)
    {
        (float[] mean, float[] deviation) = FeatureStatistics.Compute(rows.Features, _run.TrainingRows);
        OnnxGraph head = ClassificationHead.Create(mean, deviation, _run.Outputs, _options.HeadDropout, _body.Opset, new Random(_run.Seed));
        bool alone = !trainsBackbone;
        int epochs = alone ? _options.Epochs ?? FineTuneOptions.DefaultFreezeEpochs : _options.FreezeEpochs;
        if (epochs == 0 || _run.Resumed?.Phase == TrainingPhase.Backbone)
        {
            result = new TrainingLoop.PhaseResult([], -1, StopReason.Completed, "");
            return head;
        }
        // Logistic regression on standardized features. SGD finds the solution with small weights that scikit-learn finds; Adam's steps are equally
        // large for features that are hardly ever there, and test accuracy falls by 9 points on 140 photos.
        Optimizer optimizer = (alone ? _options.Optimizer : null)
            ?? new Sgd { Momentum = 0.9f, Nesterov = true, WeightDecay = _options.HeadL2Regularization / _run.TrainingRows.Length };
        float learningRate = (alone ? _options.LearningRate : null) ?? HeadLearningRate.Of(
            rows.Features, _run.TrainingRows, mean, deviation, _run.Loss, _run.Outputs, optimizer.WeightDecay, _options.BatchSize, _options.HeadDropout);
        TrainingSessionOptions sessionOptions = _run.SessionOptions(ClassificationHead.Parameters, optimizer);
        // On a busy machine a second thread would be waited for.
        sessionOptions.IsSmall = (long)mean.Length * _run.Outputs < 1 << 20;
        sessionOptions.ParameterGroups = new Dictionary<string, ParameterGroup> { [ClassificationHead.Bias] = new(LearningRate: 1, WeightDecay: 0) };
        using ITrainingSession session = _run.Runtime.CreateSession(head, sessionOptions);
        result = _run.Train(TrainingPhase.Head, session, head, rows.Features, epochs, learningRate, augmentsBatches: false,
            weights => GraphJoin.Append(_deployedBody, ClassificationHead.Fold(head.WithWeights(weights))));
        OnnxGraph trained = head.WithWeights(session.ReadWeights());
        _run.CalibrateHead(
            _run.TrainingRows.Length <= HeadFolds.MaximumRows
                ? () => new HeadFolds(rows.Features, _run.TrainingRows, mean, deviation, trained, _options.HeadL2Regularization / _run.TrainingRows.Length)
                : null,
            () => _run.Runtime.CreateSession(head, sessionOptions), rows.Features, result, epochs, learningRate);
        return trained;
    }

    private (OnnxGraph Body, OnnxGraph Head) TrainBackbone(FrozenLayers frozen, FrozenRows rows, OnnxGraph head, out TrainingLoop.PhaseResult result)
    {
        OnnxGraph network = GraphJoin.Append(frozen.Trained!, head);
        using Teacher? teacher = _run.OpenTeacher();
        IReadOnlyCollection<string> hints = [];
        if (teacher?.Hints > 0)
        {
            OnnxGraph hinted = HintedSession.Attach(network, teacher.Hints, _run.Seed);
            hints = [.. hinted.Initializers.Keys.Except(network.Initializers.Keys)];
            network = hinted;
        }
        TrainingSessionOptions sessionOptions = _run.SessionOptions(
            [.. frozen.TrainedParameters, .. ClassificationHead.Parameters, .. hints], _options.Optimizer ?? new AdamW { WeightDecay = 0.05f }, teacher);
        int epochs = _options.BackboneEpochs(_run.TrainingRows.Length), steps = epochs * ((_run.TrainingRows.Length + _options.BatchSize - 1) / _options.BatchSize);
        float learningRate = _options.BackboneLearningRate(steps);
        bool chosen = _options.LearningRate is null && _options.Optimizer is null;
        sessionOptions.ParameterGroups = frozen.TrainedParameters.Concat(ClassificationHead.Parameters).ToDictionary(name => name, name => new ParameterGroup(
            LearningRate: ClassificationHead.Parameters.Contains(name) ? 1
                : _options.BackboneLearningRateMultiplier * (chosen && network.Initializers[name].Shape.Count > 1 ? BackboneRates.Of(network.Initializers[name], learningRate) : 1),
            // Decay pulls weights to zero; norms' scales and biases have no reason to be there.
            WeightDecay: network.Initializers[name].Shape.Count > 1 ? 1 : 0));
        using ITrainingSession session = _run.CreateSession(network, sessionOptions, teacher);
        result = _run.Train(TrainingPhase.Backbone, session, network, rows.TrainedLayerInputs, epochs, learningRate, augmentsBatches: true,
            trained => GraphJoin.Append(_deployedBody.WithWeights(trained), ClassificationHead.Fold(head.WithWeights(trained))), teacher,
            startsTrained: _run.HasLearned, lowersRate: chosen);
        IReadOnlyDictionary<string, OnnxTensor> weights = session.ReadWeights();
        return (_deployedBody.WithWeights(weights), head.WithWeights(weights));
    }

    /// <summary>The settings that a checkpoint must match, besides those of all trainers.</summary>
    private Dictionary<string, object?> Settings() => new()
    {
        ["Backbone"] = $"{SettingText.OfStructure(_body)} {SettingText.OfWeights(_body)}",
        ["TrainableLayers"] = _options.TrainableLayers.ToString(),
        ["FreezeEpochs"] = _options.FreezeEpochs,
        ["HeadDropout"] = _options.HeadDropout,
        ["HeadL2Regularization"] = _options.HeadL2Regularization,
        ["LearningRate"] = _options.LearningRate,
        ["BackboneLearningRateMultiplier"] = _options.BackboneLearningRateMultiplier,
        ["Optimizer"] = _options.Optimizer,
        ["AugmentedViews"] = _options.Augmentation is null ? 0 : _options.AugmentedViews,
    };
}
