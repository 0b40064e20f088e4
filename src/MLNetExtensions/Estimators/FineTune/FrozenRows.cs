using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Training;

namespace MLNetExtensions.Estimators.FineTune;

/// <summary>What one pass over the training and validation views leaves: labels, features, and what the trained layers start from.</summary>
internal sealed class FrozenRows : IDisposable
{
    private const int BatchSize = 16;

    private readonly List<int> _labels = [];
    private readonly List<BadImage> _badImages = [];
    private readonly ImageDecoder _decoder;
    private readonly FeatureCache _features;
    private readonly FeatureCache? _starts;
    private readonly ImageStore? _pictures;

    private FrozenRows(ImagePreprocessing preprocessing, FrozenLayers frozen, long memoryBudget, string temporaryFolder)
    {
        // Features are small beside what the trained layers start from, be it pictures or values in the middle of the network.
        bool headOnly = frozen.Trained is null;
        _decoder = new ImageDecoder(preprocessing);
        _features = new FeatureCache([frozen.OutputSizes[0]], headOnly ? memoryBudget : memoryBudget / 8, temporaryFolder);
        if (headOnly)
            return;
        if (frozen.StartsAtPixels)
            _pictures = new ImageStore(_decoder, memoryBudget / 8 * 7, temporaryFolder);
        else
            _starts = new FeatureCache([.. frozen.OutputSizes.Skip(1)], memoryBudget / 8 * 7, temporaryFolder);
    }

    /// <summary>The class of each row, from 0: first the training view's, then the validation view's.</summary>
    public int[] Labels => field ??= [.. _labels];

    /// <summary>The number of rows of the training view.</summary>
    public int TrainingCount { get; private set; }

    /// <summary>The backbone's features of each row.</summary>
    public ITrainingRows Features => _features;

    /// <summary>What the trained layers of the backbone start from, for each row.</summary>
    public ITrainingRows TrainedLayerInputs => _pictures is null ? _starts! : new PictureRows(_pictures, _decoder.CanvasBytes);

    /// <summary>The pictures that were left out.</summary>
    public IReadOnlyList<BadImage> BadImages => _badImages;

    /// <summary>Reads the views once; pictures are decoded while ONNX Runtime works on those before.</summary>
    public static FrozenRows Read(
        MLContext context, FineTuneOptions options, ImagePreprocessing preprocessing, FrozenLayers frozen, IDataView data)
    {
        var rows = new FrozenRows(preprocessing, frozen, options.MemoryBudget, context.TempFilePath);
        try
        {
            rows.Add(data, options, frozen);
            rows.TrainingCount = rows._labels.Count;
            if (options.ValidationSet is not null)
                rows.Add(options.ValidationSet, options, frozen);
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
        _features.Dispose();
        _starts?.Dispose();
        _pictures?.Dispose();
        _decoder.Dispose();
    }

    private void Add(IDataView data, FineTuneOptions options, FrozenLayers frozen)
    {
        var reader = new ImageRows(data, _decoder, new ImageRowsOptions
        {
            ImageColumnName = options.ImageColumnName,
            LabelColumnName = options.LabelColumnName,
            ImageFolder = options.ImageFolder,
            MaxBadImages = options.MaxBadImages - _badImages.Count,
            Threads = options.Threads ?? Environment.ProcessorCount,
        });
        int total = (int)(data.GetRowCount() ?? 0);
        int done = 0;
        foreach (ImageBatch batch in reader.ReadBatches(BatchSize, options.CancellationToken))
        {
            _pictures?.Add(batch);
            foreach (int label in batch.Labels)
                _labels.Add(label);
            frozen.Run(batch.Pixels, batch.Count, _features, _starts);
            done += batch.Count;
            options.Progress?.Report(new TrainingProgress(TrainingPhase.Features, 0, 0, done, Math.Max(total, done), null, null));
        }
        _badImages.AddRange(reader.BadImages);
    }
}
