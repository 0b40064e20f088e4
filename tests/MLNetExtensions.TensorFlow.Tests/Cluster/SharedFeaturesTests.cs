using Microsoft.ML;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TensorFlow.Tests.Cluster;

/// <summary>Fine-tuning a head with several workers: each decodes its own images only, and all get the model of one worker.</summary>
public sealed class SharedFeaturesTests : IDisposable
{
    private readonly ColorImages _images = new(31),
        _others = new(10, 20, 20);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _others.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ImageTask.Classification, 2)]
    [InlineData(ImageTask.Regression, 3)]
    public async Task Each_worker_decodes_its_share(ImageTask task, int count)
    {
        _images.Rows[7].Image = _folder.Add("broken.png", [1, 2, 3]);
        using FineTuneTransformer alone = Fit(Options(task));
        var models = new FineTuneTransformer[count];
        await LocalWorkers.Run(count, cluster => models[cluster.Index] = Fit(Options(task, cluster)));

        for (int worker = 0; worker < count; worker++)
        {
            using FineTuneTransformer model = models[worker];
            Assert.Equal(
                (alone.Result.TrainingRows, alone.Result.ValidationRows),
                (model.Result.TrainingRows, model.Result.ValidationRows)
            );
            Assert.Equal(worker == 7 % count ? [7L] : Array.Empty<long>(), model.Result.InvalidImages.Select(bad => bad.Row));
            foreach ((EpochResult one, EpochResult other) in alone.Result.History.Epochs.Zip(model.Result.History.Epochs))
                Assert.Equal(one.ValidationLoss!.Value, other.ValidationLoss!.Value, 1e-4);
            Assert.All(
                alone.Model.Initializers.Where(e => e.Value.ElementType == OnnxElementType.Float),
                e => Assert.Equal(e.Value.ToFloats(), model.Model.Initializers[e.Key].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-4f)
            );

            // What it decoded is what a run alone finds in its cache.
            FineTuneOptions again = Options(task);
            again.CacheFolder = CacheOf(worker);
            using FineTuneTransformer later = Fit(again);
            Assert.Equal(
                Enumerable.Range(0, 31).Count(row => row != 7 && row % count == worker)
                    + Enumerable.Range(0, 10).Count(row => row % count == worker),
                later.Result.CachedImages
            );
        }
    }

    [Fact]
    public async Task Other_numbers_of_rows_are_an_error()
    {
        await LocalWorkers.AssertRefused(
            "the number of rows of the training view is 31 on worker 0",
            cluster =>
            {
                var ml = new MLContext(seed: 1);
                IDataView view = _images.Paths(ml);
                ml.MulticlassClassification.Trainers.FineTune(Options(ImageTask.Classification, cluster))
                    .Fit(cluster.Index == 0 ? view : ml.Data.TakeRows(view, 29));
            }
        );
    }

    [Fact]
    public void A_runtime_without_a_cluster_has_nobody_to_join()
    {
        TensorFlowRuntime runtime = TensorFlowRuntime.Create();
        Assert.Equal((1, 0), (runtime.WorldSize, runtime.Rank));
        Assert.Contains(
            "Cluster is null",
            Assert
                .Throws<InvalidOperationException>(() =>
                    ((IWorkerRuntime)runtime).Join(
                        new TrainingSessionOptions { Optimizer = new Training.Optimizers.Sgd() },
                        new Dictionary<string, string>()
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    private string CacheOf(int worker) => Path.Combine(_folder.Path, $"cache{worker}");

    private FineTuneTransformer Fit(FineTuneOptions options)
    {
        var ml = new MLContext(seed: 1);
        options.ValidationSet = options.Task == ImageTask.Regression ? ml.Data.LoadFromEnumerable(_others.Rows) : _others.Paths(ml);
        IDataView data = options.Task == ImageTask.Regression ? ml.Data.LoadFromEnumerable(_images.Rows) : _images.Paths(ml);
        return ml.FineTune(options).Fit(data);
    }

    private FineTuneOptions Options(ImageTask task, TensorFlowCluster? cluster = null) =>
        new()
        {
            Backbone = SmallBackbone.Create(),
            Task = task,
            LabelColumnName = task == ImageTask.Regression ? "Number" : "Label",
            TrainableLayers = FineTuneLayers.Head,
            Augmentation = Augment.Compose(new HorizontalFlip()),
            AugmentedViews = 2,
            MaxInvalidImages = 1,
            Epochs = 3,
            HeadDropout = 0,
            BatchSize = 10,
            CacheFolder = cluster is null ? null : CacheOf(cluster.Index),
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
            Runtime = TensorFlowRuntime.Create(new TensorFlowRuntimeOptions { Cluster = cluster }),
        };
}
