using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>What fine-tuning does with input that is not as it should be: a clear error, or the documented result.</summary>
public sealed class FineTuneBadInputTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(12);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void An_unreadable_image_is_named_with_its_row()
    {
        IDataView data = WithInvalidImages(out string bad);
        InvalidImageException error = Assert.Throws<InvalidImageException>(() => Fit(data));
        Assert.Contains(bad, error.Message, StringComparison.Ordinal);
        Assert.Contains("row 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Allowed_invalid_images_are_listed()
    {
        IDataView data = WithInvalidImages(out string bad);
        using FineTuneTransformer model = Fit(data, o => o.MaxInvalidImages = 2);
        Assert.Equal([bad, Path.Combine(_folder.Path, "missing.jpg")], model.Result.InvalidImages.Select(b => b.Path));
        Assert.Equal(12, model.Result.TrainingRows);
        Assert.Throws<InvalidImageException>(() => Fit(data, o => o.MaxInvalidImages = 1));
    }

    [Fact]
    public void One_class_is_refused()
    {
        IDataView all = _images.Paths(_ml);
        IDataView redOnly = _ml.Data.FilterRowsByKeyColumnFraction(
            _ml.Transforms.CopyColumns("Key", "Label").Fit(all).Transform(all),
            "Key",
            0,
            1.0 / 3
        );
        Assert.Contains(
            "same value in column 'Label'",
            Assert.Throws<InvalidOperationException>(() => Fit(redOnly)).Message,
            StringComparison.Ordinal
        );

        IDataView oneKey = Keys(_ml.Data.LoadFromEnumerable(_images.Rows.Where(r => r.Label == "red")));
        Assert.Contains("at least two", Assert.Throws<InvalidOperationException>(() => Fit(oneKey)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_set_is_refused()
    {
        IDataView empty = _ml.Data.FilterRowsByColumn(_images.Paths(_ml), "Number", lowerBound: 1000);
        Assert.Contains(
            "training set is empty",
            Assert.Throws<InvalidOperationException>(() => Fit(empty)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_missing_label_is_named_with_its_row()
    {
        // Keys of two classes only: the third's rows have no key.
        IDataView rows = _ml.Data.LoadFromEnumerable(_images.Rows);
        IDataView lookup = _ml.Data.LoadFromEnumerable(_images.Rows.Where(r => r.Label != "blue"));
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(lookup).Transform(rows);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Fit(data));
        Assert.Contains("Row 2", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("'Label'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_without_training_rows_is_a_warning()
    {
        IDataView all = _images.Paths(_ml);
        IDataView two = _ml.Data.FilterRowsByKeyColumnFraction(
            _ml.Transforms.CopyColumns("Key", "Label").Fit(all).Transform(all),
            "Key",
            0,
            2.0 / 3
        );
        using FineTuneTransformer model = Fit(two);
        Assert.Contains(model.Result.Warnings, w => w.Contains("no training row", StringComparison.Ordinal));
        Assert.Equal(3, model.Transform(two).GetColumn<float[]>("Score").First().Length);
    }

    [Fact]
    public void A_batch_larger_than_the_set_is_one_batch()
    {
        using FineTuneTransformer model = Fit(_images.Paths(_ml), o => o.BatchSize = 1000);
        Assert.Equal(12, model.Result.TrainingRows);
        Assert.True(model.Result.History.Epochs[^1].TrainLoss < model.Result.History.Epochs[0].TrainLoss);
    }

    [Fact]
    public void Text_labels_are_refused()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(_images.Rows);
        Assert.Contains("expected Key", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_unsupported_operators_are_in_one_error()
    {
        OnnxGraph graph = SmallBackbone.Create().Graph;
        OnnxNode[] nodes =
        [
            .. graph.Nodes.TakeWhile(n => n.OpType != "GlobalAveragePool"),
            OnnxNode.Create("MaxRoiPool", ["block16.r", "rois"], ["strange"], OnnxAttribute.Of("pooled_shape", 1L, 1L)),
            OnnxNode.Create("StringNormalizer", ["strange"], ["stranger"]),
            OnnxNode.Create("GlobalAveragePool", ["stranger"], ["pooled"]),
            .. graph.Nodes.SkipWhile(n => n.OpType != "GlobalAveragePool").Skip(1),
        ];
        Backbone backbone = Backbone.FromGraph(
            graph with
            {
                Nodes = nodes,
                Initializers = graph
                    .Initializers.Append(new("rois", OnnxTensor.FromFloats("rois", [1, 5], [0, 0, 0, 1, 1])))
                    .ToDictionary(),
            },
            SmallBackbone.Create().Preprocessing
        );

        UnsupportedOpsException error = Assert.Throws<UnsupportedOpsException>(() =>
            Fit(
                _images.Paths(_ml),
                o =>
                {
                    o.Backbone = backbone;
                    o.TrainableLayers = FineTuneLayers.All;
                }
            )
        );
        Assert.Equal(["MaxRoiPool", "StringNormalizer"], error.Ops.Order());
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_and_says_where()
    {
        using FineTuneTransformer model = Fit(
            _images.Paths(_ml),
            o =>
            {
                o.TrainableLayers = FineTuneLayers.All;
                o.Optimizer = new Sgd();
                o.ClipGradientNorm = null;
                o.LearningRate = 1e30f;
            }
        );
        Assert.Equal(StopReason.NotFiniteLoss, model.Result.History.StopReason);
        Assert.Contains("at step", model.Result.History.StopMessage, StringComparison.Ordinal);
        Assert.Contains(model.Result.Warnings, w => w.Contains("Lower LearningRate", StringComparison.Ordinal));
        Assert.All(
            model.Transform(_images.Paths(_ml)).GetColumn<float[]>("Score"),
            scores => Assert.All(scores, s => Assert.True(float.IsFinite(s)))
        );
    }

    [Theory]
    [InlineData(1e9f)]
    [InlineData(1e30f)]
    public void A_head_that_learned_nothing_before_it_fell_apart_throws(float rate)
    {
        string message = Assert.Throws<TrainingDivergedException>(() => Fit(_images.Paths(_ml), o => o.LearningRate = rate)).Message;
        Assert.Contains("Lower LearningRate", message, StringComparison.Ordinal);
        Assert.Contains("null chooses one that is safe", message, StringComparison.Ordinal);
        IDataView numbers = _ml.Transforms.CopyColumns("Value", "Number").Fit(_images.Paths(_ml)).Transform(_images.Paths(_ml));
        Assert.Throws<TrainingDivergedException>(() =>
            Fit(numbers, o => (o.Task, o.LabelColumnName, o.LearningRate) = (MLNetExtensions.Trainers.ImageTask.Regression, "Value", rate))
        );
    }

    [Fact]
    public void More_layer_stages_than_there_are_is_a_warning()
    {
        using FineTuneTransformer model = Fit(
            _images.Paths(_ml),
            o => (o.TrainableLayers, o.Epochs, o.FreezeEpochs) = (FineTuneLayers.LastStages(99), 1, 2)
        );
        Assert.Contains(
            model.Result.Warnings,
            w => w.Contains("last 99 stages were asked for; the network 'small' has 3", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Classes_that_differ_in_case_or_spaces_are_a_warning()
    {
        IDataView data = Keys(
            _ml.Data.LoadFromEnumerable(
                _images.Rows.Select((r, i) => new ColorImages.Row { Image = r.Image, Label = i == 3 ? "Red " : r.Label })
            )
        );
        using FineTuneTransformer model = Fit(data, o => o.Epochs = 1);
        Assert.Contains(model.Result.Warnings, w => w.Contains("'red', 'Red '", StringComparison.Ordinal));
    }

    [Fact]
    public void Canceling_keeps_the_best_model_so_far()
    {
        using var canceling = new CancellationTokenSource();
        using FineTuneTransformer model = Fit(
            _images.Paths(_ml),
            o =>
            {
                o.CancellationToken = canceling.Token;
                o.Progress = new Reports(r =>
                {
                    if (r is { Phase: TrainingPhase.Head, Epoch: 3 })
                        canceling.Cancel();
                });
            }
        );
        Assert.Equal(StopReason.Canceled, model.Result.History.StopReason);
        Assert.InRange(model.Result.History.Epochs.Count, 2, 3);
    }

    [Fact]
    public void Canceling_before_the_first_epoch_throws()
    {
        using var canceling = new CancellationTokenSource();
        canceling.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(_images.Paths(_ml), o => o.CancellationToken = canceling.Token));
    }

    [Fact]
    public void A_full_disk_is_an_error_and_leaves_nothing_behind()
    {
        using SmallDisk disk = SmallDisk.Require(megabytes: 1);
        var ml = new MLContext(seed: 1) { TempFilePath = disk.Folder };
        // 64 x 64 images decoded take 12 KB each.
        IDataView rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 120).Select(i => _images.Rows[i % 12]));
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        var options = new FineTuneOptions
        {
            Backbone = SmallBackbone.Create(side: 64),
            TrainableLayers = FineTuneLayers.All,
            MemoryBudget = 0,
            Threads = 1,
        };
        IOException error = Assert.ThrowsAny<IOException>(() => ml.FineTune(options).Fit(data));
        Assert.Contains(disk.Folder, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Folder));
    }

    private FineTuneTransformer Fit(IDataView data, Action<FineTuneOptions>? change = null)
    {
        var options = new FineTuneOptions { Backbone = SmallBackbone.Create(), Threads = 1 };
        change?.Invoke(options);
        return _ml.FineTune(options).Fit(data);
    }

    private IDataView WithInvalidImages(out string bad)
    {
        bad = _folder.Add("bad.jpg", [0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3]);
        var rows = _images.Rows.ToList();
        rows.Insert(1, new ColorImages.Row { Image = bad, Label = "red" });
        rows.Insert(5, new ColorImages.Row { Image = Path.Combine(_folder.Path, "missing.jpg"), Label = "green" });
        return Keys(_ml.Data.LoadFromEnumerable(rows));
    }

    private IDataView Keys(IDataView rows) => _ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);

    private sealed class Reports(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
