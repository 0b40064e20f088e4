using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>Fine-tuning from images to a used model, through the public API, with the TorchSharp runtime.</summary>
public sealed class FineTuneTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(36);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void A_head_is_trained_used_saved_and_loaded()
    {
        IDataView data = TextLabels();
        ITransformer model = _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.FineTune(Options()))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);

        IDataView scored = model.Transform(data);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(scored);
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
        Assert.Contains("green", metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal);

        using var reloaded = new ReloadedModels();
        ITransformer loaded = reloaded.Of(_ml, model, data.Schema);
        Assert.All(Scores(scored).Zip(Scores(loaded.Transform(data))), pair => Assert.Equal(pair.First, pair.Second, Close));

        using PredictionEngine<ColorImages.Row, Prediction> engine = _ml.Model.CreatePredictionEngine<ColorImages.Row, Prediction>(loaded);
        Assert.Equal("red", engine.Predict(_images.Rows[0]).PredictedLabel);
    }

    [Theory]
    [InlineData(ImageTask.Classification, "Label")]
    [InlineData(ImageTask.Regression, "Number")]
    public void A_head_of_few_rows_and_features_does_not_fall_apart(ImageTask task, string label)
    {
        // With 6 rows the weight decay is 50 / 6: times a rate of 4 / 16 features that is beyond what momentum bears.
        using var few = new ColorImages(6);
        FineTuneOptions options = Options(seed: 1);
        (options.Task, options.LabelColumnName) = (task, label);
        using FineTuneTransformer model = _ml.FineTune(options).Fit(few.Paths(_ml));
        Assert.Equal(StopReason.Completed, model.Result.History.StopReason);
        double chance = task == ImageTask.Regression ? 1 : Math.Log(3);
        Assert.All(model.Result.History.Epochs, epoch => Assert.InRange(epoch.TrainLoss, 0, 1.2 * chance));
        Assert.True(model.Result.History.Epochs[^1].TrainLoss < chance);
    }

    [Fact]
    public void Probabilities_of_a_head_are_made_honest_by_default()
    {
        IDataView data = _images.Paths(_ml);
        FineTuneOptions options = Options(seed: 1);
        using FineTuneTransformer honest = _ml.FineTune(options).Fit(data);
        options.CalibrateProbabilities = false;
        using FineTuneTransformer plain = _ml.FineTune(options).Fit(data);

        Assert.Null(plain.Result.Temperature);
        double temperature = honest.Result.Temperature!.Temperature;
        Assert.True(temperature < 1, $"label smoothing and small weights make a head too timid, T is {temperature}");
        Assert.True(honest.Result.Temperature.LogLossAfter < honest.Result.Temperature.LogLossBefore);
        // The same head: the same logits but for the temperature.
        foreach ((float[] a, float[] b) in Scores(honest.Transform(data)).Zip(Scores(plain.Transform(data))))
            Assert.Equal(Math.Log(a[0] / a[1]) * temperature, Math.Log(b[0] / b[1]), 1e-3);
        Assert.Equal(honest.Result.History.Epochs.Select(e => e.TrainLoss), plain.Result.History.Epochs.Select(e => e.TrainLoss));
    }

    [Fact]
    public void The_log_tells_how_far_a_run_is()
    {
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.RawMessage);
        FineTuneOptions options = Options();
        (options.TrainableLayers, options.Epochs, options.FreezeEpochs) = (FineTuneLayers.All, 1, 1);
        _ml.FineTune(options).Fit(_images.Paths(_ml)).Dispose();
        Assert.All(
            [
                "Reading images: 36 images",
                "Training the head: 1 epochs of 36 images",
                "Training layers of the backbone: 1 epochs of 36 images",
            ],
            line => Assert.Contains(line, log)
        );
        Assert.Contains(log, line => line.StartsWith("Reading images: 36 of 36 images, ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("paths")]
    [InlineData("bytes")]
    [InlineData("images")]
    public void Every_form_of_images_trains_the_same_model(string form)
    {
        IDataView paths = _images.Paths(_ml);
        IDataView other = form switch
        {
            "bytes" => _images.Bytes(_ml),
            "images" => _images.Images(_ml),
            _ => _images.Paths(_ml),
        };

        using FineTuneTransformer expected = _ml.MulticlassClassification.Trainers.FineTune(Options(seed: 3)).Fit(paths);
        using FineTuneTransformer actual = _ml.MulticlassClassification.Trainers.FineTune(Options(seed: 3)).Fit(other);

        Assert.Equal(Scores(expected.Transform(paths)), Scores(actual.Transform(other)));
    }

    [Fact]
    public void The_last_layer_group_is_trained_and_the_others_stay()
    {
        IDataView data = _images.Paths(_ml);
        FineTuneOptions options = Options();
        options.TrainableLayers = FineTuneLayers.LastStages(1);
        options.Epochs = 2;

        using FineTuneTransformer model = _ml.FineTune(options).Fit(data);

        Assert.Equal(["block16.conv.weight", "block16.bn.weight", "block16.bn.bias"], Changed(options, model));
        Assert.Equal([TrainingPhase.Head, TrainingPhase.Backbone], model.Result.History.Epochs.Select(e => e.Phase).Distinct());
    }

    [Theory]
    [InlineData(BatchNormMode.Inference, 9)]
    [InlineData(BatchNormMode.Train, 15)]
    public void All_layers_are_trained(BatchNormMode batchNorm, int changed)
    {
        IDataView data = _images.Paths(_ml);
        FineTuneOptions options = Options();
        options.TrainableLayers = FineTuneLayers.All;
        options.Epochs = 3;
        options.FreezeEpochs = 2;
        options.LearningRate = 1e-2f;
        options.BatchNorm = batchNorm;

        using FineTuneTransformer model = _ml.FineTune(options).Fit(data);

        Assert.Equal(changed, Changed(options, model).Length);
        EpochResult[] epochs = [.. model.Result.History.Epochs.Where(e => e.Phase == TrainingPhase.Backbone)];
        Assert.Equal(3, epochs.Length);
        Assert.True(epochs[^1].TrainLoss < epochs[0].TrainLoss, $"{epochs[0].TrainLoss} -> {epochs[^1].TrainLoss}");
    }

    [Fact]
    public void The_same_seed_trains_the_same_model()
    {
        IDataView data = _images.Paths(_ml);
        FineTuneOptions options = Options(seed: 5);
        options.TrainableLayers = FineTuneLayers.All;
        options.Epochs = 1;
        options.FreezeEpochs = 1;

        using FineTuneTransformer first = _ml.FineTune(options).Fit(data);
        using FineTuneTransformer second = _ml.FineTune(options).Fit(data);
        options.Seed = 6;
        using FineTuneTransformer other = _ml.FineTune(options).Fit(data);

        Assert.Equal(Scores(first.Transform(data)), Scores(second.Transform(data)));
        Assert.NotEqual(Scores(first.Transform(data)), Scores(other.Transform(data)));
    }

    [Fact]
    public void A_memory_budget_of_nothing_trains_the_same_model()
    {
        IDataView data = _images.Paths(_ml);
        FineTuneOptions options = Options(seed: 2);
        options.TrainableLayers = FineTuneLayers.All;
        options.Epochs = 1;
        using FineTuneTransformer inMemory = _ml.FineTune(options).Fit(data);
        options.MemoryBudget = 0;
        using FineTuneTransformer onDisk = _ml.FineTune(options).Fit(data);

        Assert.Equal(Scores(inMemory.Transform(data)), Scores(onDisk.Transform(data)));
    }

    [Fact]
    public void Validation_rows_are_kept_aside_and_the_best_epoch_is_kept()
    {
        FineTuneOptions options = Options();
        options.ValidationFraction = 0.25f;
        options.EarlyStopping = new EarlyStopping(Patience: 3, MinimumDelta: 10);
        var reports = new List<TrainingProgress>();
        options.Progress = new Reports(reports);

        using FineTuneTransformer model = _ml.FineTune(options).Fit(_images.Paths(_ml));

        TrainingHistory history = model.Result.History;
        Assert.Equal((27, 9), (model.Result.TrainingRows, model.Result.ValidationRows));
        Assert.Equal(StopReason.EarlyStopped, history.StopReason);
        Assert.Equal(4, history.Epochs.Count);
        Assert.Equal(0, history.BestEpoch);
        Assert.All(history.Epochs, epoch => Assert.NotNull(epoch.ValidationAccuracy));
        Assert.Contains(reports, r => r is { Phase: TrainingPhase.Features, Done: 36 });
        Assert.Contains(reports, r => r is { Phase: TrainingPhase.Head, Epoch: 4, Done: 27 });
    }

    [Fact]
    public void Cross_validates()
    {
        IEstimator<ITransformer> pipeline = _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.FineTune(Options()));
        var folds = _ml.MulticlassClassification.CrossValidate(TextLabels(), pipeline, numberOfFolds: 3);
        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.6, $"accuracy {fold.Metrics.MicroAccuracy}"));
    }

    [Fact]
    public void Permutation_feature_importance_takes_the_transformer()
    {
        // Each pixel value is permuted: small images, few of them.
        IDataView images = _ml.Data.TakeRows(_images.Images(_ml), 9);
        IDataView data = _ml
            .Transforms.ResizeImages("Image", 4, 4)
            .Append(_ml.Transforms.ExtractPixels("Image"))
            .Fit(images)
            .Transform(images);
        FineTuneOptions options = Options();
        options.Backbone = SmallBackbone.Create(side: 4);
        using FineTuneTransformer model = _ml.FineTune(options).Fit(data);

        var importance = _ml.MulticlassClassification.PermutationFeatureImportance(model, data);

        Assert.Equal(3 * 4 * 4, importance.Length);
        Assert.Contains(importance, feature => feature.LogLoss.Mean != 0);
    }

    /// <summary>The initializers of the backbone whose values are others in the model.</summary>
    private static string[] Changed(FineTuneOptions options, FineTuneTransformer model) =>
        [
            .. options
                .Backbone!.Graph.Initializers.Values.Where(before =>
                    model.Model.Initializers.TryGetValue(before.Name, out OnnxTensor? after)
                    && !after.ToFloats().AsSpan().SequenceEqual(before.ToFloats())
                )
                .Select(before => before.Name),
        ];

    private static FineTuneOptions Options(int? seed = null) =>
        new()
        {
            Backbone = SmallBackbone.Create(),
            Seed = seed,
            Threads = 1,
        };

    private static float[][] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score")];

    private static bool Close(float[] a, float[] b) => a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5f);

    private IDataView TextLabels() => _ml.Data.LoadFromEnumerable(_images.Rows);

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";
    }

    private sealed class Reports(List<TrainingProgress> list) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => list.Add(value);
    }
}
