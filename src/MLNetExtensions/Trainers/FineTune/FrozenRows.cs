using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// The results of one pass over the training and validation views: labels, features, and the inputs of the trained layers.
/// </summary>
internal sealed class FrozenRows : IDisposable
{
    private const int BatchSize = 16;

    private readonly TrainerSetup _setup;
    private readonly FineTuneOptions _options;
    private readonly FrozenLayers _frozen;
    private readonly RowLabels _labels = new();
    private readonly List<InvalidImage> _invalidImages = [];
    private readonly ImageDecoder _decoder;
    private readonly ImageAugmenter? _augmenter;
    private readonly FeatureFile? _featureFile;
    private readonly FeatureSource? _source;
    private readonly int _featureSize;
    private readonly FeatureCache _featureCache;
    private readonly FeatureCache? _startCache;
    private readonly FeatureViews _features;
    private readonly FeatureViews? _starts;
    private readonly ImageStore? _images;
    private byte[] _pixels = [];

    private FrozenRows(
        TrainerSetup setup,
        FineTuneOptions options,
        ImagePreprocessing preprocessing,
        DecodedImageCache? cache,
        FrozenLayers frozen
    )
    {
        (_setup, _options, _frozen) = (setup, options, frozen);
        (int seed, string temporaryFolder) = (setup.Seed, setup.Context.TempFilePath);
        // Features are small beside what the trained layers start from, be it images or values in the middle of the network.
        bool headOnly = frozen.Trained is null;
        long budget = options.MemoryBudget;
        _decoder = new ImageDecoder(preprocessing, cache: cache);
        _augmenter = options.Augmentation is { } policy ? new ImageAugmenter(policy, preprocessing, (ulong)seed) : null;
        var memory = FeatureMemory.Of(setup.Context);
        memory.Use(frozen.Key);
        int known = headOnly || frozen.StartsAtPixels ? memory.SizeOf(frozen.Key) : 0;
        _featureSize = known > 0 ? known : frozen.OutputSizes[0];
        // The inputs of trained layers in the middle of a network are too large to keep; the features are computed along the way.
        if (headOnly || frozen.StartsAtPixels)
        {
            _featureFile = TrainerCaches.OpenFeatures(setup, frozen.Key, _featureSize);
            _source = new FeatureSource(frozen, memory, options.FeatureMemory, _featureFile);
        }
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

    /// <summary>The backbone's features of each row.</summary>
    public ITrainingRows Features => _features;

    /// <summary>The inputs of the backbone's trained layers, for each row.</summary>
    public ITrainingRows TrainedLayerInputs => _images is null ? _starts! : new DecodedImageRows(_images, _decoder, _augmenter);

    /// <summary>Reads the views once; images are decoded while ONNX Runtime works on those before.</summary>
    /// <param name="setup">The Fit.</param>
    /// <param name="options">Its options.</param>
    /// <param name="preprocessing">How images become the network's input.</param>
    /// <param name="cache">The cache of decoded images; null for none. It stays the caller's.</param>
    /// <param name="frozen">The layers that run over the images.</param>
    /// <param name="data">The training view.</param>
    /// <param name="read">Gets the labels, and what became of the images.</param>
    public static FrozenRows Read(
        TrainerSetup setup,
        FineTuneOptions options,
        ImagePreprocessing preprocessing,
        DecodedImageCache? cache,
        FrozenLayers frozen,
        IDataView data,
        out ReadRows read
    )
    {
        var rows = new FrozenRows(setup, options, preprocessing, cache, frozen);
        try
        {
            read = rows.Read(data, cache);
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

    private ReadRows Read(IDataView data, DecodedImageCache? cache)
    {
        Add(data, "training view", _augmenter is null ? 0 : _options.AugmentedViews);
        int trainingCount = _labels.Count;
        _labels.Keys = _setup.ValidationKeys;
        if (_options.ValidationSet is not null)
            Add(_options.ValidationSet, "validation set", views: 0);
        _source?.Dispose();
        TrainerCaches.Report(_setup.Log, cache);
        TrainerCaches.Report(_setup.Log, _featureFile);
        return new ReadRows
        {
            Labels = _labels,
            TrainingCount = trainingCount,
            InvalidImages = _invalidImages,
            TurnedImages = _decoder.TurnedImages,
            CachedImages = cache?.Hits ?? 0,
            // Views of images included.
            KnownFeatures = _source?.Hits ?? 0,
        };
    }

    private void Add(IDataView data, string name, int views)
    {
        // Trained layers need the images, or more of each than is worth sending.
        using SharedFeatures? shared =
            _setup.WorldSize > 1 && _frozen.Trained is null
                ? new SharedFeatures(
                    _setup.Rank,
                    _setup.WorldSize,
                    _featureSize,
                    views,
                    _labels.Keys,
                    _options.MemoryBudget / 2,
                    _setup.Context.TempFilePath
                )
                : null;
        ImageRows reader = shared is null
            ? _options.Reader(data, _decoder, _invalidImages.Count)
            : _options.Reader(data, _decoder, _invalidImages.Count, shared.IsOwn, shared.See);
        int total = (int)(data.GetRowCount() ?? 0);
        int done = 0;
        foreach (ImageBatch batch in reader.ReadBatches(Math.Max(1, BatchSize / (1 + views)), _options.CancellationToken))
        {
            if (_source is null)
                _frozen.Run(Views(batch, views), batch.Count * (1 + views), shared?.Own ?? _featureCache, _startCache);
            else
                _source.Run(Views(batch, views), batch.Count * (1 + views), shared?.Own ?? _featureCache, _featureSize);
            if (shared is null)
                Add(batch, views);
            done = shared is null ? done + batch.Count : (int)batch.Rows[^1] + 1;
            _setup.Progress.Report(new TrainingProgress(TrainingPhase.Features, 0, 0, done, Math.Max(total, done), null, null));
        }
        _invalidImages.AddRange(reader.InvalidImages);
        if (shared is null)
            return;
        using IWorkers workers = _setup.Join(shared.Settings(name));
        shared.Exchange(workers, _labels, _features);
    }

    /// <summary>Notes images whose features are cached.</summary>
    private void Add(ImageBatch batch, int views)
    {
        _images?.Add(batch);
        _labels.Add(batch);
        for (int image = 0; image < batch.Count; image++)
        {
            _features.Begin(views);
            _starts?.Begin(views);
        }
    }

    /// <summary>The center of each image of a batch, and behind each its augmented views.</summary>
    private ReadOnlySpan<byte> Views(ImageBatch batch, int views)
    {
        int size = _decoder.InputBytes,
            length = batch.Count * (1 + views) * size;
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
