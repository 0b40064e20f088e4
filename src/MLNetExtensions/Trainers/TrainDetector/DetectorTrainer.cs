using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Detection;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Sessions;
using MLNetExtensions.Trainers.Dense;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>Trains a detector: images are decoded once and kept, and every epoch reads them from there.</summary>
internal sealed class DetectorTrainer
{
    private const int DecodeBatch = 32;

    // The layers of each tower.
    private const int TowerLayers = 2;
    private static readonly int[] s_strides = [8, 16, 32];

    private readonly MLContext _context;
    private readonly TrainDetectorOptions _options;
    private readonly TrainerLog _log;
    private readonly IHost _host;
    private readonly ImagePreprocessing _preprocessing;
    private readonly List<ObjectBoxes> _objects = [];
    private readonly List<InvalidImage> _invalidImages = [];

    private DetectorTrainer(MLContext context, IHost host, IChannel channel, TrainDetectorOptions options)
    {
        SessionOpening.Check(context);
        (_context, _host, _options, _log) = (context, host, options, new TrainerLog(channel));
        _preprocessing = options.NetworkPreprocessing();
    }

    /// <summary>Trains on a view whose columns the estimator has checked.</summary>
    /// <param name="context">The source of logs, seeds, temporary files and the GPU.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="data">The training rows.</param>
    public static (OnnxGraph Model, IReadOnlyList<string> Classes, TrainingResult Result) Train(
        MLContext context,
        TrainDetectorOptions options,
        IDataView data
    )
    {
        IHost host = ((IHostEnvironment)context).Register("TrainDetector");
        using IChannel channel = host.Start("Training");
        return new DetectorTrainer(context, host, channel, options).Run(data);
    }

    private (OnnxGraph, IReadOnlyList<string>, TrainingResult) Run(IDataView data)
    {
        int seed = _options.Seed ?? _host.Rand.Next();
        var progress = new ProgressLog(_log.Info, _options.Progress);
        var columns = new BoxColumns(data.Schema, _options.LabelColumnName, _options.BoundingBoxesColumnName);
        IReadOnlyList<string> classes = columns.Classes;
        var backbone = new DenseBackbone(_options.Backbone!, _preprocessing, s_strides);
        using var decoder = new ImageDecoder(_preprocessing);
        using var images = new ImageStore(decoder, _options.MemoryBudget, _context.TempFilePath);
        Read(data, columns, classes, decoder, images, progress);
        int trainingCount = images.Count;
        if (_options.ValidationSet is { } validation)
            Read(
                validation,
                new BoxColumns(validation.Schema, _options.LabelColumnName, _options.BoundingBoxesColumnName),
                classes,
                decoder,
                images,
                progress
            );
        if (trainingCount == 0)
            throw new InvalidOperationException(
                $"The training set is empty: it has no row with a readable image in column '{_options.ImageColumnName}'."
            );
        RowSplit split = RowSplit.Of(new int[images.Count], trainingCount, _options, seed);
        int most = Math.Max(1, _objects.Max(boxes => boxes.Count));
        var detector = new DetectionGraph(backbone.Maps, new DetectionHead(classes.Count, _options.HeadChannels, TowerLayers), seed);
        OnnxGraph network = backbone.With(detector.ToTrain(most)),
            deployed = backbone.With(detector.ToDeploy());
        using var rows = new DetectionRows(images, _objects, decoder, most);
        ITrainingRuntime runtime = _options.Runtime ?? TrainingRuntime.Default();
        var run = new DenseRun(_options)
        {
            Log = _log,
            Runtime = runtime,
            Seed = seed,
            Progress = progress,
            Network = network,
            BackboneParameters = backbone.Parameters,
            HeadParameters = DenseBackbone.HeadParameters(deployed, DetectionHead.Scope),
            Rows = rows,
            Targets = new DenseTargets(1 + detector.Anchors * (4 + classes.Count), Fingerprint(), measuresRight: false),
            Split = split,
            Preprocessing = _preprocessing,
            Classes = classes,
            Deployed = deployed.WithWeights,
            Used = Used(runtime, seed, split),
        };
        TrainingHistory history = run.Train(out IReadOnlyDictionary<string, OnnxTensor> weights);
        return (
            deployed.WithWeights(weights),
            classes,
            new TrainingResult
            {
                History = history,
                TrainingRows = split.Training.Length,
                ValidationRows = split.Validation.Length,
                InvalidImages = _invalidImages,
                TurnedImages = decoder.TurnedImages,
                Warnings = _log.Warnings,
            }
        );
    }

    private void Read(
        IDataView data,
        BoxColumns columns,
        IReadOnlyList<string> classes,
        ImageDecoder decoder,
        ImageStore images,
        IProgress<TrainingProgress> progress
    )
    {
        int[] classOf = ClassMatch.Of(classes, columns.Classes);
        List<LabeledBox[]> boxes = columns.Read(data);
        var sizes = new Dictionary<long, ImageSize>();
        ImageRows reader = _options.Reader(
            data,
            decoder,
            _invalidImages.Count,
            rowRead: slot => sizes[slot.Row] = slot.Source,
            readsLabels: false
        );
        ImageFrame frame = ImageFrame.Of(_preprocessing);
        int done = 0;
        foreach (ImageBatch batch in reader.ReadBatches(DecodeBatch, _options.CancellationToken))
        {
            images.Add(batch);
            foreach (long row in batch.Rows)
                _objects.Add(Place(boxes[(int)row], classOf, frame, sizes[row], row));
            done += batch.Count;
            progress.Report(new TrainingProgress(TrainingPhase.Features, 0, 0, done, Math.Max(boxes.Count, done), null, null));
        }
        _invalidImages.AddRange(reader.InvalidImages);
    }

    /// <summary>The objects of an image in the network's pixels; crowds are no object to learn.</summary>
    private static ObjectBoxes Place(LabeledBox[] boxes, int[] classOf, ImageFrame frame, ImageSize size, long row)
    {
        LabeledBox[] own = [.. boxes.Where(box => !box.IsCrowd)];
        var edges = new float[4 * own.Length];
        for (int i = 0; i < own.Length; i++)
        {
            LabeledBox box = own[i];
            Detection placed = frame.InNetwork(new Detection(box.Class, 1, box.Left, box.Top, box.Right, box.Bottom), size);
            if (box.Right <= 0 || box.Bottom <= 0 || box.Left >= size.Width || box.Top >= size.Height)
                throw new InvalidDataException(
                    FormattableString.Invariant(
                        $"Row {row}, box {i}: ({box.Left}, {box.Top}, {box.Right}, {box.Bottom}) lies outside the image of {size.Width}x{size.Height} pixels. Correct or leave out the box."
                    )
                );
            (edges[4 * i], edges[4 * i + 1], edges[4 * i + 2], edges[4 * i + 3]) = (placed.Left, placed.Top, placed.Right, placed.Bottom);
        }
        return new ObjectBoxes(edges, [.. own.Select(box => classOf[box.Class])]);
    }

    private Dictionary<string, object?> Used(ITrainingRuntime runtime, int seed, RowSplit split) =>
        new()
        {
            ["Labels"] = Fingerprint(),
            ["TrainingRows"] = split.Training.Length,
            ["ValidationRows"] = split.Validation.Length,
            [nameof(TrainDetectorOptions.Backbone)] =
                $"{SettingText.OfStructure(_options.Backbone!.Graph)} {SettingText.OfWeights(_options.Backbone.Graph)}",
            [nameof(TrainDetectorOptions.Preprocessing)] = _preprocessing,
            [nameof(TrainDetectorOptions.Seed)] = seed,
            [nameof(TrainDetectorOptions.Runtime)] = runtime.Name,
        };

    private string Fingerprint() => SettingText.OfValues([.. _objects.SelectMany(o => o.Boxes.Concat(o.Classes.Select(c => (float)c)))]);
}
