using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>
/// Trainers that find decoded images of earlier runs: the same model as without, whatever happened to the file in the meantime.
/// </summary>
public sealed class ImageCacheTests : IDisposable
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

    public static TheoryData<string> Trainers => ["cnn", "head", "all layers"];

    private string CacheFolder => Path.Combine(_folder.Path, "cache");

    private string CacheFile => Directory.GetFiles(CacheFolder, "images-*").Single();

    [Theory]
    [MemberData(nameof(Trainers))]
    public void A_later_run_decodes_nothing_and_trains_the_same_model(string trainer)
    {
        (float[][] plain, _) = Fit(trainer, cached: false);
        AssertRun(plain, 0, Fit(trainer));
        AssertRun(plain, Images, Fit(trainer));
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void Beyond_the_memory_budget_images_are_read_from_the_file(string trainer)
    {
        (float[][] plain, _) = Fit(trainer, cached: false);
        // Features go to a temporary file as ever; images must not.
        if (trainer == "cnn")
            _ml.TempFilePath = Path.Combine(_folder.Path, "missing");
        AssertRun(plain, 0, Fit(trainer, memoryBudget: 0));
        AssertRun(plain, Images, Fit(trainer, memoryBudget: 0));
    }

    [Fact]
    public void Damage_between_runs_is_found_and_repaired()
    {
        (float[][] expected, _) = Fit("cnn");
        byte[] intact = File.ReadAllBytes(CacheFile);
        int record = (intact.Length - HeaderBytes) / Images;
        byte[] flipped = [.. intact];
        flipped[HeaderBytes + (2 * record) + 100] ^= 1;
        foreach (
            (byte[] file, int found) in new[]
            {
                (flipped, Images - 1),
                (intact[..(intact.Length - 7)], Images - 1),
                (intact[..50], 0),
                (intact[..(HeaderBytes + record)], 1),
            }
        )
        {
            File.WriteAllBytes(CacheFile, file);
            AssertRun(expected, found, Fit("cnn"));
            AssertRun(expected, Images, Fit("cnn"));
        }
    }

    [Fact]
    public void Damage_during_a_run_is_found_and_the_image_decoded_again()
    {
        (float[][] expected, _) = Fit("cnn", cached: false);
        AssertRun(expected, 0, Fit("cnn", memoryBudget: 0, callback: new AtBegin(() => Truncate(CacheFile, HeaderBytes + 700))));
        AssertRun(expected, Images, Fit("cnn"));
    }

    [Fact]
    public void An_image_that_changes_during_a_run_changes_nothing()
    {
        (float[][] expected, _) = Fit("cnn", cached: false);
        byte[] old = File.ReadAllBytes(_images.Rows[0].Image),
            other = File.ReadAllBytes(_images.Rows[1].Image);
        foreach (long memoryBudget in (long[])[1 << 20, 0])
        {
            (float[][] scores, _) = Fit(
                "cnn",
                memoryBudget: memoryBudget,
                callback: new AtBegin(() => File.WriteAllBytes(_images.Rows[0].Image, other)),
                beforeScoring: () => File.WriteAllBytes(_images.Rows[0].Image, old)
            );
            Assert.Equal(expected, scores);
        }
    }

    [Fact]
    public void An_image_that_changes_while_its_copy_is_damaged_is_an_error()
    {
        InvalidImageException error = Assert.Throws<InvalidImageException>(() =>
            Fit(
                "cnn",
                memoryBudget: 0,
                callback: new AtBegin(() =>
                {
                    File.WriteAllBytes(_images.Rows[4].Image, File.ReadAllBytes(_images.Rows[5].Image));
                    Truncate(CacheFile, HeaderBytes);
                })
            )
        );
        Assert.Equal((4L, _images.Rows[4].Image), (error.Row, error.Path));
        Assert.Contains("has changed since this run first read it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_changes_between_runs_is_decoded_anew()
    {
        Fit("cnn");
        File.WriteAllBytes(_images.Rows[0].Image, TestImages.Encode(TestImages.Pattern(31, 23), SkiaSharp.SKEncodedImageFormat.Png));
        (float[][] expected, _) = Fit("cnn", cached: false);
        AssertRun(expected, Images - 1, Fit("cnn"));
    }

    [Fact]
    public void Other_settings_have_a_file_of_their_own()
    {
        Fit("cnn");
        Fit(
            "cnn",
            preprocessing: new ImagePreprocessing
            {
                Width = SmallCnn.Side,
                Height = SmallCnn.Side,
                ResizeMode = ImageResizeMode.Pad,
                CropFraction = 1,
            }
        );
        Assert.Equal(2, Directory.GetFiles(CacheFolder).Length);
        // What does not change the decoded bytes shares one.
        Fit(
            "cnn",
            preprocessing: new ImagePreprocessing
            {
                Width = SmallCnn.Side,
                Height = SmallCnn.Side,
                CropFraction = 1,
                Mean = [0, 0, 0],
            }
        );
        Assert.Equal(2, Directory.GetFiles(CacheFolder).Length);
    }

    [Fact]
    public void A_run_beside_another_goes_without_and_says_so()
    {
        (float[][] expected, _) = Fit("head");
        using (DecodedImageCache.Open(CacheFolder, SmallBackbone.Create().Preprocessing))
        {
            (float[][] scores, TrainingResult result) = Fit("head");
            Assert.Equal(expected, scores);
            Assert.Equal(0, result.CachedImages);
            Assert.Contains("in use by another run", Assert.Single(result.Warnings), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(CacheFolder, "a file");
        Assert.Contains(CacheFolder, Assert.Throws<IOException>(() => Fit("cnn")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "CacheFolder",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    _ml.MulticlassClassification.Trainers.TrainNetwork(
                        new TrainNetworkOptions { CreateGraph = SmallCnn.Create, CacheFolder = " " }
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    private static void AssertRun(float[][] expected, int found, (float[][] Scores, TrainingResult Result) run)
    {
        Assert.Equal(expected, run.Scores);
        Assert.Equal(found, run.Result.CachedImages);
        Assert.Empty(run.Result.Warnings);
    }

    // The run holds a lock that .NET's own file API respects.
    private static void Truncate(string path, long length)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a file system that lets a file be cut short while it is open");
        Assert.Equal(0, truncate(path, length));
    }

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int truncate(string path, long length);

    private (float[][] Scores, TrainingResult Result) Fit(
        string trainer,
        bool cached = true,
        long memoryBudget = 1 << 30,
        TrainingCallback? callback = null,
        ImagePreprocessing? preprocessing = null,
        Action? beforeScoring = null
    )
    {
        ImageTrainerOptions options =
            trainer == "cnn"
                ? new TrainNetworkOptions
                {
                    CreateGraph = SmallCnn.Create,
                    Epochs = 2,
                    BatchSize = 6,
                }
                : new FineTuneOptions
                {
                    Backbone = SmallBackbone.Create(),
                    Epochs = 2,
                    FreezeEpochs = 1,
                    TrainableLayers = trainer == "head" ? FineTuneLayers.Head : FineTuneLayers.All,
                };
        (options.Seed, options.Threads, options.Precision) = (1, 1, TrainingPrecision.Float32);
        (options.CacheFolder, options.MemoryBudget, options.Preprocessing) = (cached ? CacheFolder : null, memoryBudget, preprocessing);
        options.Augmentation = Augment.Cifar();
        options.Callbacks = callback is null ? [] : [callback];
        IDataView data = _images.Paths(_ml);
        using TrainedImageTransformer model = options is TrainNetworkOptions cnn
            ? _ml.TrainNetwork(cnn).Fit(data)
            : _ml.FineTune((FineTuneOptions)options).Fit(data);
        beforeScoring?.Invoke();
        return ([.. model.Transform(data).GetColumn<float[]>("Score")], model.Result);
    }

    /// <summary>Acts when all images have been read, before the first epoch.</summary>
    private sealed class AtBegin(Action action) : TrainingCallback
    {
        public override void OnTrainBegin(TrainBeginArguments arguments) => action();
    }
}
