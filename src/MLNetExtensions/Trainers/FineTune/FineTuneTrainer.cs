using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
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
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Fine-tuning, in three phases: the backbone runs once over all images (<see cref="TrainingPhase.Features"/>); the new head is trained on
/// what it gave (<see cref="TrainingPhase.Head"/>); where layers of the backbone are to be trained, they are, together with the head, while
/// the layers before them do not change and are not run again (<see cref="TrainingPhase.Backbone"/>).
/// </summary>
internal sealed class FineTuneTrainer
{
    private readonly FineTuneOptions _options;
    private readonly ImagePreprocessing _preprocessing;
    private readonly OnnxGraph _body;
    private readonly OnnxGraph _deployedBody;
    private readonly TrainerSetup _setup;

    // The head to begin with; null for a random one.
    private readonly KnownHead? _knownHead;

    // The network whose preprocessing nobody stated; null where it is known.
    private readonly OnnxGraph? _assumed;

    private FineTuneTrainer(MLContext context, IHost host, IChannel channel, FineTuneOptions options, DataViewSchema schema)
    {
        _options = options;
        _setup = new TrainerSetup(context, host, channel, options, schema);
        Backbone backbone = options.Preprocessing is null
            ? options.Backbone!
            : Backbone.FromGraph(options.Backbone!.Graph, options.Preprocessing, options.Backbone.Name, options.Backbone.FeatureNode);
        _preprocessing = backbone.Preprocessing;
        _knownHead = options.WarmStart ? KnownHead.Of(options.Backbone!) : null;
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

    /// <summary>
    /// The network behind its preprocessing. Constant nodes become initializers, so that trained values can be put back by name.
    /// </summary>
    private OnnxGraph WithPreprocessing(OnnxGraph cut, bool cropInGraph, TestTimeAugmentation? views)
    {
        OnnxGraph network = LiftConstants.Apply(PreprocessingGraph.Prepend(cut, _preprocessing, cropInGraph, PixelsName, views));
        // Layers are trained in 32 bits, whatever the file stores or computes in.
        if (_options.TrainableLayers.Stages > 0)
            network = SingleFloats.Apply(network);
        if (!BatchAxis.IsOne(cut))
            return network;
        if (PreprocessingGraph.ViewCount(network) > 1)
            throw new InvalidOperationException(
                $"The backbone '{_options.Backbone!.Name}' takes one image at a time, and "
                    + $"{nameof(FineTuneOptions.TestTimeAugmentation)} shows it several views at once. "
                    + "Export the backbone with a dynamic batch, or leave the views out."
            );
        return BatchAxis.State(network, 1);
    }

    private TrainedNetwork Run(IDataView data)
    {
        using var frozen = new FrozenLayers(_setup.Context, _body, _options.TrainableLayers, _options.Backbone!, _options.Threads);
        frozen.Report(_setup.Log);
        CheckMemory(frozen, data.GetRowCount());
        foreach (string warning in BackboneCut.Warnings(_options.Backbone!))
            _setup.Log.Warn(warning);
        if (_assumed is not null)
            _setup.Log.Warn(AssumedPreprocessing.Warning(_options.Backbone!, CompareAssumed(data)));
        using DecodedImageCache? cache = TrainerCaches.OpenImages(_setup, _preprocessing);
        using FrozenRows rows = FrozenRows.Read(_setup, _options, _preprocessing, cache, frozen, data, out ReadRows read);
        TrainerPlan plan = TrainerPlan.Of(_setup, _preprocessing, read, UsedSettings());
        var runner = new TrainerRunner(plan);

        OnnxGraph head = TrainHead(plan, runner, rows, frozen.Trained is not null, out TrainingLoop.PhaseResult result);
        OnnxGraph body = _deployedBody;
        int? headEpoch = result.BestEpoch < 0 ? null : result.BestEpoch;
        if (frozen.Trained is not null && result.Reason is (StopReason.Completed or StopReason.EarlyStopped))
            (body, head) = new BackbonePhase(_options, _body, _deployedBody).Train(plan, runner, frozen, rows, head, out result);
        return runner.Finish(GraphJoin.Append(body, ClassificationHead.Fold(head)), result, headEpoch);
    }

    // What cannot be trained is said before the images are read and a head is trained; the phase itself warns. A runtime that was chosen may
    // deal a batch out to several workers.
    private void CheckMemory(FrozenLayers frozen, long? rows)
    {
        if (_setup.Context.GpuDeviceId is not null || _options.Runtime is not null || rows is null || frozen.Trained is not { } layers)
            return;
        int batch = (int)Math.Clamp(rows.Value, 1, _options.BatchSize);
        TrainingMemory.Of(layers, batch)?.Check(MemoryLimit.Current(), batch, _ => { });
    }

    /// <summary>Tries the usual preprocessings on some of the images; null if labels are not classes.</summary>
    private IReadOnlyList<PreprocessingComparison>? CompareAssumed(IDataView data) =>
        _options.Task != ImageTask.Classification
            ? null
            : PreprocessingTrial.Compare(
                _setup.Context,
                _options.Backbone!,
                _assumed!,
                data,
                new ImageRowsOptions
                {
                    ImageColumnName = _options.ImageColumnName,
                    LabelColumnName = _options.LabelColumnName,
                    ImageFolder = _options.ImageFolder,
                    Threads = _options.Threads ?? Environment.ProcessorCount,
                },
                AssumedPreprocessing.Images,
                _options.CancellationToken
            );

    private OnnxGraph TrainHead(
        TrainerPlan plan,
        TrainerRunner runner,
        FrozenRows rows,
        bool trainsBackbone,
        out TrainingLoop.PhaseResult result
    )
    {
        int[] training = plan.Rows.Training;
        (float[] mean, float[] deviation) = FeatureStatistics.Compute(rows.Features, training);
        OnnxGraph head = ClassificationHead.Create(
            mean,
            deviation,
            _setup.Outputs,
            _options.HeadDropout,
            _body.Opset,
            new Random(_setup.Seed)
        );
        if (_knownHead is not null)
        {
            head = _knownHead.Apply(head, _setup.Task.LabelNames, mean, deviation, out int known);
            _setup.Log.Info(
                $"Warm start: {known} of {_setup.Task.LabelNames.Count} classes begin as the model '{_options.Backbone!.Name}' has them."
            );
        }
        bool alone = !trainsBackbone;
        int epochs = _options.HeadEpochs;
        if (epochs == 0 || plan.Resumed?.Phase == TrainingPhase.Backbone)
        {
            result = new TrainingLoop.PhaseResult([], -1, StopReason.Completed, "");
            return head;
        }
        // Logistic regression on standardized features. SGD finds the solution with small weights that scikit-learn finds; Adam's steps are
        // equally large for features that are hardly ever there, and test accuracy falls by 9 points on 140 photos.
        Optimizer optimizer =
            (alone ? _options.Optimizer : null)
            ?? new Sgd
            {
                Momentum = 0.9f,
                Nesterov = true,
                WeightDecay = _options.HeadL2Regularization / training.Length,
            };
        float learningRate =
            (alone ? _options.LearningRate : null)
            ?? HeadLearningRate.Of(
                rows.Features,
                training,
                mean,
                deviation,
                plan.Loss,
                _setup.Outputs,
                optimizer.WeightDecay,
                _options.BatchSize,
                _options.HeadDropout
            );
        TrainingSessionOptions sessionOptions = plan.SessionOptions(ClassificationHead.Parameters, optimizer);
        // On a busy machine a second thread would be waited for.
        sessionOptions.IsSmall = (long)mean.Length * _setup.Outputs < 1 << 20;
        sessionOptions.ParameterGroups = new Dictionary<string, ParameterGroup>
        {
            [ClassificationHead.Bias] = new(LearningRate: 1, WeightDecay: 0),
        };
        using ITrainingSession session = plan.CreateSession(head, sessionOptions);
        var phase = new PhasePlan
        {
            Phase = TrainingPhase.Head,
            Session = session,
            Network = head,
            Inputs = rows.Features,
            Epochs = epochs,
            LearningRate = learningRate,
            StartsTrained = _knownHead is not null,
            Deployed = weights => GraphJoin.Append(_deployedBody, ClassificationHead.Fold(head.WithWeights(weights))),
        };
        result = runner.Train(phase);
        OnnxGraph trained = head.WithWeights(session.ReadWeights());
        runner.CalibrateHead(
            phase,
            result,
            training.Length <= HeadFolds.MaximumRows
                ? () => new HeadFolds(rows.Features, training, mean, deviation, trained, _options.HeadL2Regularization / training.Length)
                : null,
            () => plan.CreateSession(head, sessionOptions)
        );
        return trained;
    }

    /// <summary>The values of the options of fine-tuning that are marked <see cref="CheckpointSettingAttribute.AsUsed"/>.</summary>
    private Dictionary<string, object?> UsedSettings() =>
        new()
        {
            [nameof(FineTuneOptions.Backbone)] = $"{SettingText.OfStructure(_body)} {SettingText.OfWeights(_body)}",
            [nameof(FineTuneOptions.TrainableLayers)] = _options.TrainableLayers.ToString(),
            [nameof(FineTuneOptions.AugmentedViews)] = _options.Augmentation is null ? 0 : _options.AugmentedViews,
        };
}
