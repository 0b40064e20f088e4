using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Scoring;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Trainers.PseudoLabels;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.Trainers.TrainNetwork;

/// <summary>Trains a whole network: images are decoded once and kept, and every epoch reads them from there.</summary>
internal sealed class NetworkTrainer
{
    private const string PixelsName = StepList.Prefix + "pixels";
    private const int DecodeBatch = 32;

    private readonly TrainNetworkOptions _options;
    private readonly ImagePreprocessing _preprocessing;
    private readonly OnnxGraph _network;
    private readonly OnnxGraph _deployed;
    private readonly TrainerSetup _setup;

    private NetworkTrainer(MLContext context, IHost host, IChannel channel, TrainNetworkOptions options, DataViewSchema schema)
    {
        _options = options;
        _setup = new TrainerSetup(context, host, channel, options, schema);
        OnnxGraph network = ReservedNames.Free(CreateNetwork(_setup.Outputs), [PixelsName]);
        _preprocessing = options.Preprocessing ?? DefaultPreprocessing(network);
        // Constant nodes become initializers, so that trained values can be put back by name.
        _network = LiftConstants.Apply(PreprocessingGraph.Prepend(network, _preprocessing, cropInGraph: false, PixelsName));
        _deployed = LiftConstants.Apply(
            PreprocessingGraph.Prepend(network, _preprocessing, cropInGraph: true, PixelsName, options.TestTimeAugmentation)
        );
        CheckOutputs(_setup.Outputs);
    }

    /// <summary>Trains on a view whose columns the estimator has checked.</summary>
    /// <param name="context">The source of logs, seeds, temporary files and the GPU.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="data">The training rows.</param>
    public static TrainedNetwork Train(MLContext context, TrainNetworkOptions options, IDataView data)
    {
        IHost host = ((IHostEnvironment)context).Register("TrainNetwork");
        using IChannel channel = host.Start("Training");
        return new NetworkTrainer(context, host, channel, options, data.Schema).Run(data);
    }

    private TrainedNetwork Run(IDataView data)
    {
        using DecodedImageCache? cache = TrainerCaches.OpenImages(_setup, _preprocessing);
        using var decoder = new ImageDecoder(_preprocessing, cache: cache);
        using var images = new ImageStore(decoder, _options.MemoryBudget, _setup.Context.TempFilePath);
        var labels = new RowLabels();
        var invalidImages = new List<InvalidImage>();
        Read(data, decoder, images, labels, invalidImages);
        int trainingCount = labels.Count;
        labels.Keys = _setup.ValidationKeys;
        if (_options.ValidationSet is not null)
            Read(_options.ValidationSet, decoder, images, labels, invalidImages);
        int labeledCount = labels.Count;
        if (_options.UnlabeledSet is not null)
            ReadUnlabeled(_options.UnlabeledSet, decoder, images, invalidImages);
        TrainerCaches.Report(_setup.Log, cache);
        TrainerPlan plan = TrainerPlan.Of(
            _setup,
            _preprocessing,
            new ReadRows
            {
                Labels = labels,
                TrainingCount = trainingCount,
                InvalidImages = invalidImages,
                TurnedImages = decoder.TurnedImages,
                CachedImages = cache?.Hits ?? 0,
            },
            UsedSettings()
        );
        var runner = new TrainerRunner(plan);

        // Constants that preprocessing put into the graph look like parameters but belong to the images.
        using Teacher? teacher = plan.OpenTeacher();
        OnnxGraph network = teacher?.Hints > 0 ? HintedSession.Attach(_network, teacher.Hints, _setup.Seed) : _network;
        string[] parameters = [.. ParameterAnalysis.FindParameters(network).Select(p => p.Name).Where(name => !StepList.IsAdded(name))];
        TrainingSessionOptions sessionOptions = plan.SessionOptions(parameters, _options.Optimizer, teacher);
        if (_options.UnlabeledSet is not null)
            sessionOptions.WeightAveraging ??= new ExponentialMovingAverage();
        sessionOptions.ParameterGroups = _options.ParameterGroups ?? ParameterGroupPresets.NoWeightDecayOnBiasAndNorm(network);
        PrivacyPlan? privacy = PlanPrivacy(network, plan);
        sessionOptions.Privacy = privacy?.Step;
        using ITrainingSession session = plan.CreateSession(network, sessionOptions, teacher);
        if (privacy is not null && session is IWorkers { WorldSize: > 1 })
            throw new NotSupportedException(
                $"{nameof(TrainNetworkOptions.Privacy)} is for one process: several workers would each add their own noise."
            );
        ITrainingRows weak = Rows(_options.Augmentation);
        PseudoLabelPlan? unlabeled = PlanPseudoLabels(plan, weak, labeledCount, images.Count, session);
        using ITrainingRows rows = unlabeled is null
            ? weak
            : new MixedRows(weak, Rows(_options.PseudoLabeling?.StrongAugmentation ?? Augment.Strong()), labeledCount);
        TrainingLoop.PhaseResult result = runner.Train(
            new PhasePlan
            {
                Phase = TrainingPhase.Network,
                Session = session,
                Network = _network,
                Inputs = rows,
                Epochs = _options.Epochs,
                LearningRate = _options.LearningRate,
                Deployed = _deployed.WithWeights,
                AugmentsBatches = true,
                Teacher = teacher,
                Privacy = privacy,
                PseudoLabels = unlabeled,
            }
        );
        if (unlabeled?.Labeler is { Seen: > 0 } labeler)
            _setup.Log.Info(
                $"Pseudo-labels: {(double)labeler.Labeled / labeler.Seen:P0} of the views of unlabeled images were sure enough to learn from"
            );
        return runner.Finish(
            _deployed.WithWeights(session.ReadWeights()),
            result,
            privacy: privacy?.After(session.ReadState()[StateEntries.Steps].ToInt64s()[0])
        );

        DecodedImageRows Rows(Augmentation? policy) =>
            new(images, decoder, policy is null ? null : new ImageAugmenter(policy, _preprocessing, (ulong)_setup.Seed));
    }

    /// <returns>Null where all images have labels.</returns>
    /// <exception cref="InvalidOperationException">There are no unlabeled images.</exception>
    private PseudoLabelPlan? PlanPseudoLabels(TrainerPlan plan, ITrainingRows weak, int labeledCount, int count, ITrainingSession session)
    {
        if (_options.UnlabeledSet is null)
            return null;
        if (count == labeledCount)
            throw new InvalidOperationException(
                $"{nameof(TrainNetworkOptions.UnlabeledSet)} has no row with a readable image in column '{_options.ImageColumnName}'. Give some, or null."
            );
        if (session is IWorkers { WorldSize: > 1 })
            throw new NotSupportedException($"{nameof(TrainNetworkOptions.UnlabeledSet)} is for one process.");
        PseudoLabeling settings = _options.PseudoLabeling ?? new PseudoLabeling();
        var order = new UnlabeledOrder(
            plan.Rows.Training,
            [.. Enumerable.Range(labeledCount, count - labeledCount)],
            _options.BatchSize,
            settings.Ratio,
            _setup.Seed
        );
        return new PseudoLabelPlan(labeledCount, order, new PseudoLabeler(weak, labeledCount, _setup.Outputs, settings));
    }

    /// <returns>Null where there is to be no privacy.</returns>
    /// <exception cref="InvalidOperationException">It cannot be kept.</exception>
    private PrivacyPlan? PlanPrivacy(OnnxGraph network, TrainerPlan plan)
    {
        if (_options.Privacy is not { } options)
            return null;
        if (
            _options.BatchNorm == BatchNormMode.Train
            && network.Nodes.FirstOrDefault(n => n is { OpType: "BatchNormalization", Domain: "" }) is { } norm
        )
            throw new InvalidOperationException(
                $"Node {norm.Describe()} normalizes by the whole batch, so that an image's gradient depends on the others: there is no "
                    + $"differential privacy with it. Replace such nodes by GroupNormalization ({nameof(OnnxGraph)}.{nameof(GroupNormSwap.ReplaceBatchNorm)})."
            );
        var privacy = new PrivacyPlan(options, plan.Rows.Training, _options.BatchSize, _options.Epochs);
        _setup.Log.Info(
            $"Differential privacy: noise {privacy.Step.NoiseMultiplier:G4}, {privacy.Sampling.StepsPerEpoch} steps an epoch, each image with a probability of {privacy.Sampling.Rate:G3}"
        );
        return privacy;
    }

    private void Read(IDataView data, ImageDecoder decoder, ImageStore images, RowLabels labels, List<InvalidImage> invalidImages)
    {
        ImageRows reader = _options.Reader(data, decoder, invalidImages.Count);
        int total = (int)(data.GetRowCount() ?? 0);
        int done = 0;
        foreach (ImageBatch batch in reader.ReadBatches(DecodeBatch, _options.CancellationToken))
        {
            images.Add(batch);
            labels.Add(batch);
            done += batch.Count;
            _setup.Progress.Report(new TrainingProgress(TrainingPhase.Features, 0, 0, done, Math.Max(total, done), null, null));
        }
        invalidImages.AddRange(reader.InvalidImages);
    }

    private void ReadUnlabeled(IDataView data, ImageDecoder decoder, ImageStore images, List<InvalidImage> invalidImages)
    {
        ImageRows reader = _options.Reader(data, decoder, invalidImages.Count, readsLabels: false);
        foreach (ImageBatch batch in reader.ReadBatches(DecodeBatch, _options.CancellationToken))
            images.Add(batch);
        invalidImages.AddRange(reader.InvalidImages);
    }

    private OnnxGraph CreateNetwork(int outputs)
    {
        if (_options.Network is { } network)
        {
            ImagePreprocessing images =
                _options.Preprocessing
                ?? new()
                {
                    Width = _options.ImageWidth,
                    Height = _options.ImageHeight,
                    Channels = _options.Channels,
                };
            return network.Build(outputs, images.ChannelCount, images.Height, images.Width, _setup.Seed);
        }
        OnnxGraph graph =
            _options.CreateGraph!(outputs)
            ?? throw new InvalidOperationException($"{nameof(TrainNetworkOptions.CreateGraph)} gave no network for {outputs} outputs.");
        if (_options.Preprocessing is { } given && ExportedModel.Is(graph) && BackboneInput.HasOwnPreprocessing(given))
            throw new ArgumentException(
                $"The network that {nameof(TrainNetworkOptions.CreateGraph)} gave is a model with its preprocessing inside. Leave "
                    + $"{nameof(TrainNetworkOptions.Preprocessing)} out."
            );
        return BranchFolding.Apply(FunctionInlining.Apply(ExportedModel.Network(graph)));
    }

    /// <summary>
    /// The preprocessing in the network's own metadata; without it, the network's size and channels, the whole image, and ImageNet's mean
    /// and deviation.
    /// </summary>
    private ImagePreprocessing DefaultPreprocessing(OnnxGraph network)
    {
        if (PreprocessingJson.Find(network.Metadata, $"The network '{network.Name}'") is { } stated)
            return stated;
        ImagePreprocessing found = BackboneInput.Find(network, $"The network '{network.Name}'").DefaultPreprocessing() with
        {
            CropFraction = 1,
        };
        return _options.Network is null ? found : found with { Channels = _options.Channels };
    }

    /// <summary>Walks through all shapes, so that a network that does not fit is refused before images are read.</summary>
    private void CheckOutputs(int outputs)
    {
        LoweredGraph lowered = GraphLowering.Lower(
            _network with
            {
                Outputs = [_network.Outputs[0]],
            },
            new Dictionary<string, long[]> { [PixelsName] = [2, _preprocessing.ChannelCount, _preprocessing.Height, _preprocessing.Width] },
            _ => true
        );
        TensorType output = lowered.Types[lowered.Graph.Outputs[0].Name];
        if (!output.Shape.AsSpan().SequenceEqual([2, outputs]))
            throw new OnnxFormatException(
                $"The network '{_network.Name}' makes {output.ToString().Replace("[2", "[batch", StringComparison.Ordinal)} of images of "
                    + $"{_preprocessing.Width}x{_preprocessing.Height}; expected [batch,{outputs}] for {_options.Task} of column "
                    + $"'{_options.LabelColumnName}'. "
                    + $"Build it with the number of outputs that {nameof(TrainNetworkOptions.CreateGraph)} is given."
            );
    }

    /// <summary>The values of the options of this trainer that are marked <see cref="CheckpointSettingAttribute.AsUsed"/>.</summary>
    private Dictionary<string, object?> UsedSettings() =>
        new() { [nameof(TrainNetworkOptions.Network)] = SettingText.OfStructure(_network) };
}
