using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>The results of one pass over the training and validation views: labels, features, and the inputs of the trained layers.</summary>
internal sealed class FrozenRows : IDisposable
{
    private const int BatchSize = 16;

    private readonly List<InvalidImage> _invalidImages = [];
    private readonly ImageDecoder _decoder;
    private readonly ImageAugmenter? _augmenter;
    private readonly FeatureSource? _source;
    private readonly int _featureSize;
    private readonly FeatureCache _featureCache;
    private readonly FeatureCache? _startCache;
    private readonly FeatureViews _features;
    private readonly FeatureViews? _starts;
    private readonly ImageStore? _images;
    private byte[] _pixels = [];

    private FrozenRows(
        ImagePreprocessing preprocessing, DecodedImageCache? cache, FrozenLayers frozen, FineTuneOptions options, MLContext context, TrainerRun run)
    {
        (int seed, string temporaryFolder) = (run.Seed, context.TempFilePath);
        // Features are small beside what the trained layers start from, be it images or values in the middle of the network.
        bool headOnly = frozen.Trained is null;
        long budget = options.MemoryBudget;
        _decoder = new ImageDecoder(preprocessing, cache: cache);
        _augmenter = options.Augmentation is { } policy ? new ImageAugmenter(policy, preprocessing, (ulong)seed) : null;
        var memory = FeatureMemory.Of(context);
        memory.Use(frozen.Key);
        int known = headOnly || frozen.StartsAtPixels ? memory.SizeOf(frozen.Key) : 0;
        _featureSize = known > 0 ? known : frozen.OutputSizes[0];
        // The inputs of trained layers in the middle of a network are too large to keep; the features are computed along the way.
        if (headOnly || frozen.StartsAtPixels)
            _source = new FeatureSource(frozen, memory, options.FeatureMemory, run.OpenFeatureFile(frozen.Key, _featureSize));
        _featureCache = new FeatureCache([_featureSize], headOnly ? budget : budget / 8, temporaryFolder);
        _features = new FeatureViews(_featureCache);
        if (headOnly)
            return;
        if (frozen.StartsAtPixels)
        {
            _images = new ImageStore(_decoder, budget / 8 * 7, temporaryFolder);
            return;
        }
        _startCache = new FeatureCache([.. frozen.OutputSizes.Skip(1)], budget / 8 * 7, temporaryFolder);
        _starts = new FeatureViews(_startCache);
    }

    /// <summary>The labels: first the training view's, then the validation view's.</summary>
    public RowLabels Labels { get; } = new();

    /// <summary>The number of rows of the training view.</summary>
    public int TrainingCount { get; private set; }

    /// <summary>The backbone's features of each row.</summary>
    public ITrainingRows Features => _features;

    /// <summary>The inputs of the backbone's trained layers, for each row.</summary>
    public ITrainingRows TrainedLayerInputs => _images is null ? _starts! : new DecodedImageRows(_images, _decoder, _augmenter);

    /// <summary>The number of rows of features, views of images included, that earlier fits computed.</summary>
    public long KnownFeatures => _source?.Hits ?? 0;

    /// <summary>The images that were left out.</summary>
    public IReadOnlyList<InvalidImage> InvalidImages => _invalidImages;

    /// <summary>Reads the views once; images are decoded while ONNX Runtime works on those before.</summary>
    public static FrozenRows Read(
        MLContext context, FineTuneOptions options, ImagePreprocessing preprocessing, DecodedImageCache? cache, FrozenLayers frozen, TrainerRun run, IDataView data)
    {
        var rows = new FrozenRows(preprocessing, cache, frozen, options, context, run);
        try
        {
            rows.Add(data, "training view", context, options, frozen, run, rows._augmenter is null ? 0 : options.AugmentedViews);
            rows.TrainingCount = rows.Labels.Count;
            rows.Labels.Keys = run.ValidationKeys;
            if (options.ValidationSet is not null)
                rows.Add(options.ValidationSet, "validation set", context, options, frozen, run, views: 0);
            rows._source?.Dispose();
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _source?.Dispose();
        _features.Dispose();
        _starts?.Dispose();
        _images?.Dispose();
        _decoder.Dispose();
    }

    private void Add(IDataView data, string name, MLContext context, FineTuneOptions options, FrozenLayers frozen, TrainerRun run, int views)
    {
        // Trained layers need the images, or more of each than is worth sending.
        using SharedFeatures? shared = run.WorldSize > 1 && frozen.Trained is null
            ? new SharedFeatures(run.Rank, run.WorldSize, _featureSize, views, Labels.Keys, options.MemoryBudget / 2, context.TempFilePath)
            : null;
        ImageRows reader = shared is null ? options.Reader(data, _decoder, _invalidImages.Count) : options.Reader(data, _decoder, _invalidImages.Count, shared.IsOwn, shared.See);
        int total = (int)(data.GetRowCount() ?? 0);
        int done = 0;
        foreach (ImageBatch batch in reader.ReadBatches(Math.Max(1, BatchSize / (1 + views)), options.CancellationToken))
        {
            if (_source is null)
                frozen.Run(Views(batch, views), batch.Count * (1 + views), shared?.Own ?? _featureCache, _startCache);
            else
                _source.Run(Views(batch, views), batch.Count * (1 + views), shared?.Own ?? _featureCache, _featureSize);
            if (shared is null)
                Add(batch, views);
            done = shared is null ? done + batch.Count : (int)batch.Rows[^1] + 1;
            run.Progress.Report(new TrainingProgress(TrainingPhase.Features, 0, 0, done, Math.Max(total, done), null, null));
        }
        _invalidImages.AddRange(reader.InvalidImages);
        run.TurnedImages = _decoder.TurnedImages;
        if (shared is null)
            return;
        using IWorkers workers = run.Join(shared.Settings(name));
        shared.Exchange(workers, Labels, _features);
    }

    /// <summary>Notes images whose features are cached.</summary>
    private void Add(ImageBatch batch, int views)
    {
        _images?.Add(batch);
        Labels.Add(batch);
        for (int image = 0; image < batch.Count; image++)
        {
            _features.Begin(views);
            _starts?.Begin(views);
        }
    }

    /// <summary>The center of each image of a batch, and behind each its augmented views.</summary>
    private ReadOnlySpan<byte> Views(ImageBatch batch, int views)
    {
        int size = _decoder.InputBytes, length = batch.Count * (1 + views) * size;
        if (_pixels.Length < length)
            _pixels = GC.AllocateUninitializedArray<byte>(length);
        for (int image = 0, at = 0; image < batch.Count; image++)
        {
            ReadOnlySpan<byte> canvas = batch.Pixels.Slice(image * _decoder.CanvasBytes, _decoder.CanvasBytes);
            _decoder.CropCenter(canvas, _pixels.AsSpan(at, size));
            at += size;
            for (int view = 0; view < views; view++, at += size)
                _augmenter!.Apply(canvas, view, batch.Rows[image], _pixels.AsSpan(at, size));
        }
        return _pixels.AsSpan(0, length);
    }
}
