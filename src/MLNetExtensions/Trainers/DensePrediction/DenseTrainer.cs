using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Sessions;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Trainers.DensePrediction;

/// <summary>
/// A Fit of dense prediction: images are decoded once and kept, with what is known of their places; every epoch reads them from there.
/// </summary>
internal abstract class DenseTrainer
{
    private const int DecodeBatch = 32;

    private readonly IHost _host;
    private readonly DenseTrainerOptions _options;
    private readonly List<InvalidImage> _invalidImages = [];
    private readonly List<Letterbox> _places = [];

    /// <param name="context">The source of logs, seeds, temporary files and the GPU.</param>
    /// <param name="host">Draws the seed where the options name none.</param>
    /// <param name="channel">Gets the log.</param>
    /// <param name="options">Validated options.</param>
    protected DenseTrainer(MLContext context, IHost host, IChannel channel, DenseTrainerOptions options)
    {
        SessionOpening.Check(context);
        (Context, _host, _options, Log) = (context, host, options, new TrainerLog(channel));
        Preprocessing = options.NetworkPreprocessing();
        Progress = new ProgressLog(Log.Info, options.Progress);
    }

    protected MLContext Context { get; }

    protected TrainerLog Log { get; }

    /// <summary>The preprocessing of the network's input.</summary>
    protected ImagePreprocessing Preprocessing { get; }

    private ProgressLog Progress { get; }

    /// <summary>The names of the classes; known after <see cref="Begin"/>.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>The strides of the backbone's maps that the head reads, finest first.</summary>
    protected abstract IReadOnlyList<int> Strides { get; }

    /// <summary>The augmentation where the options name none.</summary>
    protected abstract Augmentation DefaultAugmentation { get; }

    /// <summary>Trains.</summary>
    /// <param name="data">The training rows, whose columns the estimator has checked.</param>
    public (OnnxGraph Model, TrainingResult Result) Train(IDataView data)
    {
        int seed = _options.Seed ?? _host.Rand.Next();
        DenseBackbone backbone = CutBackbone(_options.Backbone!);
        using var decoder = new ImageDecoder(Preprocessing);
        using var images = new ImageStore(decoder, _options.MemoryBudget, Context.TempFilePath);
        Read(data, decoder, images);
        int trainingCount = images.Count;
        if (trainingCount == 0)
            throw new InvalidOperationException(
                $"The training set is empty: it has no row with a readable image in column '{_options.ImageColumnName}'."
            );
        if (_options.ValidationSet is { } validation)
            Read(validation, decoder, images);
        RowSplit split = RowSplit.Of(new int[images.Count], trainingCount, _options, seed);
        backbone = Complete(backbone, seed);
        DenseGraphs graphs = CreateGraphs(backbone, seed);
        OnnxGraph trained = backbone.With(graphs.Trained),
            deployed = Described(backbone.With(graphs.Deployed));
        IReadOnlyList<string> headParameters = graphs.HeadParameters(trained);
        var augmenter = new LabeledAugmenter(
            _options.Augmentation ?? DefaultAugmentation,
            Preprocessing.Width,
            Preprocessing.Height,
            (ulong)seed,
            Preprocessing.ChannelCount
        );
        using ITrainingRows rows = CreateRows(images, decoder, augmenter, Mixed(images, decoder, split, seed));
        ITrainingRuntime runtime = _options.Runtime ?? TrainingRuntime.Default();
        var run = new DenseRun(_options)
        {
            Context = Context,
            Log = Log,
            Runtime = runtime,
            Seed = seed,
            Progress = Progress,
            Network = trained,
            BackboneParameters = [.. backbone.Parameters.Except(headParameters)],
            HeadParameters = headParameters,
            Rows = rows,
            Targets = CreateTargets(graphs),
            Split = split,
            Preprocessing = Preprocessing,
            Classes = Classes,
            Deployed = deployed.WithWeights,
            Used = Used(runtime, seed, split),
        };
        TrainingHistory history = run.Train(out IReadOnlyDictionary<string, OnnxTensor> weights);
        return (
            deployed.WithWeights(weights),
            new TrainingResult
            {
                History = history,
                TrainingRows = split.Training.Length,
                ValidationRows = split.Validation.Length,
                InvalidImages = _invalidImages,
                TurnedImages = decoder.TurnedImages,
                Warnings = Log.Warnings,
            }
        );
    }

    /// <summary>Cuts the network at the maps that the head reads, before any image is read.</summary>
    protected virtual DenseBackbone CutBackbone(Backbone backbone) => new(backbone, Preprocessing, Strides);

    /// <summary>What the data say of the network.</summary>
    /// <param name="backbone">The network, cut.</param>
    /// <param name="seed">The seed of new weights.</param>
    protected virtual DenseBackbone Complete(DenseBackbone backbone, int seed) => backbone;

    /// <summary>Opens the labels of a view whose images follow: the training rows', then the validation set's.</summary>
    /// <returns>Adds what is known of an image; takes its row and its size.</returns>
    protected abstract Action<long, ImageSize> Begin(IDataView data);

    /// <summary>Makes the graphs behind the backbone's maps.</summary>
    protected abstract DenseGraphs CreateGraphs(DenseBackbone backbone, int seed);

    /// <summary>Makes what measures the trained graph's outputs.</summary>
    protected abstract DenseTargets CreateTargets(DenseGraphs graphs);

    /// <summary>Makes the rows of the graph to train.</summary>
    /// <param name="images">The decoded images.</param>
    /// <param name="decoder">Says their size.</param>
    /// <param name="augmenter">Makes training images.</param>
    /// <param name="mixed">Makes training images of several before; null where none are mixed.</param>
    protected abstract ITrainingRows CreateRows(ImageStore images, ImageDecoder decoder, LabeledAugmenter augmenter, MixedSamples? mixed);

    /// <summary>A text that changes where the labels do.</summary>
    protected abstract string Fingerprint();

    /// <summary>The model with what others need to know of it; what the backbone's file said of its own classes is gone.</summary>
    private OnnxGraph Described(OnnxGraph model) =>
        model with
        {
            Metadata = ScoringMetadata.Of(Preprocessing, Classes).Concat(model.Metadata).DistinctBy(entry => entry.Key).ToDictionary(),
        };

    private MixedSamples? Mixed(ImageStore images, ImageDecoder decoder, RowSplit split, int seed) =>
        _options.Mixing.Count == 0
            ? null
            : new MixedSamples(
                _options.Mixing,
                images,
                decoder,
                split.Training,
                _places,
                seed,
                Math.Max(_options.Epochs, _options.FreezeEpochs) - _options.EpochsWithoutMixing
            );

    private void Read(IDataView data, ImageDecoder decoder, ImageStore images)
    {
        Action<long, ImageSize> add = Begin(data);
        var sizes = new Dictionary<long, ImageSize>();
        ImageRows reader = _options.Reader(
            data,
            decoder,
            _invalidImages.Count,
            rowRead: slot => sizes[slot.Row] = slot.Source,
            readsLabels: false
        );
        int total = (int)(data.GetRowCount() ?? 0),
            done = 0;
        foreach (ImageBatch batch in reader.ReadBatches(DecodeBatch, _options.CancellationToken))
        {
            images.Add(batch);
            foreach (long row in batch.Rows)
            {
                ImageSize size = sizes[row];
                _places.Add(Letterbox.Of(size.Width, size.Height, Preprocessing.Width, Preprocessing.Height, Preprocessing.ResizeMode));
                add(row, size);
            }
            sizes.Clear();
            done += batch.Count;
            ((IProgress<TrainingProgress>)Progress).Report(
                new TrainingProgress(TrainingPhase.Features, 0, 0, done, Math.Max(total, done), null, null)
            );
        }
        _invalidImages.AddRange(reader.InvalidImages);
    }

    private Dictionary<string, object?> Used(ITrainingRuntime runtime, int seed, RowSplit split) =>
        new()
        {
            ["Labels"] = Fingerprint(),
            ["TrainingRows"] = split.Training.Length,
            ["ValidationRows"] = split.Validation.Length,
            [nameof(DenseTrainerOptions.Backbone)] =
                $"{SettingText.OfStructure(_options.Backbone!.Graph)} {SettingText.OfWeights(_options.Backbone.Graph)}",
            [nameof(TrainerOptions.Preprocessing)] = Preprocessing,
            [nameof(TrainerOptions.Seed)] = seed,
            [nameof(TrainerOptions.Runtime)] = runtime.Name,
        };
}
