using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>Features that earlier fits have left in memory or in a file: the same model as without.</summary>
public sealed class KnownFeaturesTests : IDisposable
{
    private const int Images = 12,
        HeaderBytes = 4096;

    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(Images);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    private string CacheFolder => Path.Combine(_folder.Path, "cache");

    private string CacheFile => Directory.GetFiles(CacheFolder, "features-*").Single();

    [Fact]
    public void A_sweep_of_heads_runs_the_backbone_once()
    {
        (long first, float[][] expected) = Fit(_ml);
        Assert.Equal(0, first);
        foreach (float strength in (float[])[1, 10, 50, 200])
        {
            (long known, float[][] scores) = Fit(_ml, o => o.HeadL2Regularization = strength);
            Assert.Equal(Images, known);
            if (strength == 50)
                Assert.Equal(expected, scores);
            else
                Assert.NotEqual(expected, scores);
        }
        // The head of a network whose layers are trained begins with the same features.
        Assert.Equal(Images, Fit(_ml, o => (o.TrainableLayers, o.Epochs, o.FreezeEpochs) = (FineTuneLayers.All, 1, 1)).Known);
    }

    [Fact]
    public void What_changes_the_features_is_another_row()
    {
        Fit(_ml);
        Assert.Equal(0, Fit(_ml, o => o.Backbone = SmallBackbone.Create(side: 20)).Known);
        Assert.Equal(0, Fit(_ml, o => o.Preprocessing = SmallBackbone.Create().Preprocessing with { Mean = [1, 2, 3] }).Known);
        File.WriteAllBytes(_images.Rows[4].Image, File.ReadAllBytes(_images.Rows[1].Image));
        Assert.Equal(Images, Fit(_ml).Known);
        using var others = new ColorImages(Images + 3, width: 40);
        Assert.Equal(0, Fit(_ml, data: others.Paths(_ml)).Known);
        Assert.Equal(0, Fit(new MLContext(seed: 1)).Known);
    }

    [Fact]
    public void Augmented_views_are_known_as_far_as_they_are_the_same()
    {
        Action<FineTuneOptions> augmented = o => (o.Augmentation, o.AugmentedViews) = (new HorizontalFlip(), 2);
        Fit(_ml);
        (long known, float[][] expected) = Fit(_ml, augmented);
        Assert.InRange(known, Images, 3 * Images - 1);
        (known, float[][] scores) = Fit(_ml, augmented);
        Assert.Equal(3 * Images, known);
        Assert.Equal(expected, scores);
    }

    [Fact]
    public void Memory_is_bounded()
    {
        // A row of 16 features takes 224 bytes.
        Fit(_ml, o => o.FeatureMemory = 5 * 224);
        Assert.Equal(5, Fit(_ml, o => o.FeatureMemory = 5 * 224).Known);
        var other = new MLContext(seed: 1);
        Fit(other, o => o.FeatureMemory = 0);
        Assert.Equal(0, Fit(other, o => o.FeatureMemory = 0).Known);
    }

    [Fact]
    public void A_file_serves_later_processes_and_damage_is_mended()
    {
        Action<FineTuneOptions> cached = o => o.CacheFolder = CacheFolder;
        (_, float[][] expected) = Fit(new MLContext(seed: 1), cached);
        byte[] intact = File.ReadAllBytes(CacheFile);
        byte[] flipped = [.. intact];
        flipped[HeaderBytes + 50] ^= 1;
        foreach (
            (byte[] file, int known, bool told) in new[] { (intact, Images, false), (flipped, Images - 1, true), (intact[..50], 0, true) }
        )
        {
            File.WriteAllBytes(CacheFile, file);
            var ml = new MLContext(seed: 1);
            var log = new List<string>();
            ml.Log += (_, e) => log.Add(e.Message);
            (long found, float[][] scores) = Fit(ml, cached);
            Assert.Equal(known, found);
            Assert.Equal(expected, scores);
            Assert.Equal(told, log.Any(line => line.Contains("was damaged", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_file_that_another_run_has_open_is_left_alone()
    {
        Fit(new MLContext(seed: 1), o => o.CacheFolder = CacheFolder);
        using FileStream held = new(CacheFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        FineTuneOptions options = Options();
        options.CacheFolder = CacheFolder;
        using FineTuneTransformer model = new MLContext(seed: 1).FineTune(options).Fit(_images.Paths(_ml));
        Assert.Equal(0, model.Result.CachedFeatures);
        Assert.Contains(model.Result.Warnings, w => w.Contains("in use by another run", StringComparison.Ordinal));
    }

    private (long Known, float[][] Scores) Fit(MLContext ml, Action<FineTuneOptions>? change = null, IDataView? data = null)
    {
        FineTuneOptions options = Options();
        change?.Invoke(options);
        data ??= _images.Paths(ml);
        using FineTuneTransformer model = ml.FineTune(options).Fit(data);
        return (model.Result.CachedFeatures, [.. model.Transform(data).GetColumn<float[]>("Score")]);
    }

    private static FineTuneOptions Options() =>
        new()
        {
            Backbone = SmallBackbone.Create(),
            Epochs = 3,
            Seed = 1,
            Threads = 1,
        };
}
