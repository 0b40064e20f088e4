using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Schedules;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>Networks trained from their first weights on, from images to a used model, through the public API.</summary>
public sealed class TrainNetworkTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(36);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose()
    {
        _reloaded.Dispose();
        _images.Dispose();
    }

    [Fact]
    public void A_classifier_is_trained_evaluated_saved_and_loaded()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(_images.Rows);
        ITransformer model = _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.TrainNetwork(Options()))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);

        IDataView scored = model.Transform(data);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(scored);
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
        Assert.Contains("green", metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal);

        ITransformer loaded = _reloaded.Of(_ml, model, data.Schema);
        AssertClose(scored.GetColumn<float[]>("Score"), loaded.Transform(data).GetColumn<float[]>("Score"));
        using PredictionEngine<ColorImages.Row, Prediction> engine = _ml.Model.CreatePredictionEngine<ColorImages.Row, Prediction>(loaded);
        Assert.Equal("red", engine.Predict(_images.Rows[0]).PredictedLabel);
    }

    [Fact]
    public void Probabilities_are_calibrated_on_the_validation_rows_and_saved()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(_images.Rows);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        // Smoothed so much that the network is far too timid.
        TrainNetworkOptions options = Options();
        (options.LabelSmoothing, options.ValidationSet, options.Seed) = (0.6f, data, 5);
        using TrainNetworkTransformer plain = _ml.TrainNetwork(options).Fit(data);
        options.CalibrateProbabilities = true;
        using TrainNetworkTransformer calibrated = _ml.TrainNetwork(options).Fit(data);

        Assert.Null(plain.Result.Temperature);
        Assert.True(calibrated.Result.Temperature!.Temperature < 0.9, $"T {calibrated.Result.Temperature.Temperature}");
        IDataView before = plain.Transform(data),
            after = calibrated.Transform(data);
        Assert.Equal(before.GetColumn<uint>("PredictedLabel"), after.GetColumn<uint>("PredictedLabel"));
        double logLoss = _ml.MulticlassClassification.Evaluate(after).LogLoss;
        Assert.True(logLoss < _ml.MulticlassClassification.Evaluate(before).LogLoss);
        Assert.Equal(calibrated.Result.Temperature.LogLossAfter, logLoss, 0.01);
        AssertClose(
            after.GetColumn<float[]>("Score"),
            _reloaded.Of(_ml, calibrated, data.Schema).Transform(data).GetColumn<float[]>("Score")
        );
    }

    [Fact]
    public void A_number_is_learned_evaluated_saved_and_loaded()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(
            _images.Rows.Select((row, i) => new Priced { Image = row.Image, Price = 100_000 + 1_000 * (i % 3) })
        );
        TrainNetworkOptions options = Options(epochs: 40);
        options.Task = ImageTask.Regression;
        options.LabelColumnName = "Price";
        options.ScoreColumnName = "PriceGuess";
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(data);

        IDataView scored = model.Transform(data);
        RegressionMetrics metrics = _ml.Regression.Evaluate(scored, "Price", "PriceGuess");
        Assert.True(metrics.RSquared > 0.6, $"R2 {metrics.RSquared}");
        Assert.DoesNotContain(scored.Schema, column => column.Name == "PredictedLabel");

        IDataView reloaded = _reloaded.Of(_ml, model, data.Schema).Transform(data);
        Assert.Equal(["Image", "Price", "PriceGuess"], reloaded.Schema.Where(c => !c.IsHidden).Select(c => c.Name).Order());
        float[] expected = [.. scored.GetColumn<float>("PriceGuess")],
            actual = [.. reloaded.GetColumn<float>("PriceGuess")];
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= 0.02f);
        Assert.Equal(
            expected[0],
            _ml.Model.CreatePredictionEngine<Priced, Guess>(model, new PredictionEngineOptions { OwnsTransformer = false })
                .Predict(new Priced { Image = _images.Rows[0].Image })
                .PriceGuess,
            0.02f
        );
    }

    [Fact]
    public void A_regression_named_score_is_saved_and_loaded()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(_images.Rows);
        TrainNetworkOptions options = Options(epochs: 1);
        (options.Task, options.LabelColumnName) = (ImageTask.Regression, "Number");
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(data);
        Assert.Equal(
            model.Transform(data).GetColumn<float>("Score"),
            _reloaded.Of(_ml, model, data.Schema).Transform(data).GetColumn<float>("Score"),
            (a, b) => Math.Abs(a - b) < 1e-4f
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Several_labels_are_learned_saved_and_loaded(bool booleans)
    {
        // Reddish or greenish images share a label, and so do greenish and bluish ones.
        IEnumerable<Tagged> rows = _images.Rows.Select(
            (row, i) =>
                new Tagged
                {
                    Image = row.Image,
                    Flags = [i % 3 <= 1, i % 3 >= 1, i % 3 == 2],
                    Values = [i % 3 <= 1 ? 1 : 0, i % 3 >= 1 ? 1 : 0, i % 3 == 2 ? 1 : 0],
                }
        );
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        TrainNetworkOptions options = Options(epochs: 25);
        options.Task = ImageTask.MultiLabel;
        options.LabelColumnName = booleans ? "Flags" : "Values";
        options.BalanceClasses = true;
        options.ValidationFraction = 0.25f;
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(data);

        IDataView scored = model.Transform(data);
        bool[][] predicted = [.. scored.GetColumn<bool[]>("PredictedLabel")],
            expected = [.. scored.GetColumn<bool[]>("Flags")];
        double right = predicted.Zip(expected).Average(pair => pair.First.Zip(pair.Second).Average(p => p.First == p.Second ? 1.0 : 0));
        Assert.True(right > 0.85, $"{right:P0} of the labels are right");
        Assert.True(model.Result.History.Epochs[^1].ValidationAccuracy > 0.7);

        IDataView reloaded = _reloaded.Of(_ml, model, data.Schema).Transform(data);
        AssertClose(scored.GetColumn<float[]>("Score"), reloaded.GetColumn<float[]>("Score"));
        Assert.Equal(predicted, reloaded.GetColumn<bool[]>("PredictedLabel"));
    }

    [Fact]
    public void Names_of_several_labels_become_slot_names()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(
            _images.Rows.Select(
                (row, i) =>
                    new Named
                    {
                        Image = row.Image,
                        Warm = i % 3 == 0 ? 1 : 0,
                        Cold = i % 3 == 2 ? 1 : 0,
                    }
            )
        );
        IDataView data = _ml.Transforms.Concatenate("Label", "Warm", "Cold").Fit(rows).Transform(rows);
        TrainNetworkOptions options = Options(epochs: 1);
        options.Task = ImageTask.MultiLabel;
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(data);
        DataViewSchema own = model.GetOutputSchema(data.Schema),
            loaded = _reloaded.Of(_ml, model, data.Schema).GetOutputSchema(data.Schema);
        Assert.All(
            [own["Score"], own["PredictedLabel"], loaded["Score"], loaded["PredictedLabel"]],
            column => Assert.Equal(["Warm", "Cold"], SlotNames(column))
        );
    }

    [Fact]
    public void Levels_are_learned_evaluated_saved_and_loaded()
    {
        IDataView data = _images.Paths(_ml);
        TrainNetworkOptions options = Options(epochs: 30);
        options.Task = ImageTask.Ordinal;
        options.ValidationFraction = 0.25f;
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(data);

        IDataView scored = model.Transform(data);
        Assert.All(
            scored.GetColumn<float[]>("Score"),
            score =>
            {
                Assert.Equal(1, score.Sum(), 1e-5f);
                Assert.All(score, p => Assert.InRange(p, -1e-6f, 1 + 1e-6f));
            }
        );
        Assert.True(_ml.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.7);
        EpochResult last = model.Result.History.Epochs[^1];
        Assert.InRange(last.ValidationMeanAbsoluteError!.Value, 1 - last.ValidationAccuracy!.Value - 1e-9, 2);

        IDataView reloaded = _reloaded.Of(_ml, model, data.Schema).Transform(data);
        AssertClose(scored.GetColumn<float[]>("Score"), reloaded.GetColumn<float[]>("Score"));
        Assert.Equal(scored.GetColumn<uint>("PredictedLabel"), reloaded.GetColumn<uint>("PredictedLabel"));
    }

    [Theory]
    [InlineData(ImageTask.Classification, "Label")]
    [InlineData(ImageTask.Ordinal, "Label")]
    [InlineData(ImageTask.Regression, "Number")]
    public void Promises_what_the_transformer_gives(ImageTask task, string label)
    {
        IDataView data = _images.Paths(_ml);
        TrainNetworkOptions options = Options(epochs: 1);
        (options.Task, options.LabelColumnName) = (task, label);
        TrainNetworkEstimator estimator = _ml.TrainNetwork(options);
        using TrainNetworkTransformer model = estimator.Fit(data);
        Assert.Equal(
            Describe(SchemaShapes.Of(model.GetOutputSchema(data.Schema))),
            Describe(estimator.GetOutputSchema(SchemaShapes.Of(data.Schema)))
        );
    }

    [Fact]
    public void Augmented_images_differ_from_epoch_to_epoch_and_measured_ones_do_not()
    {
        IDataView data = _images.Paths(_ml);
        var seen = new SeenImages();
        TrainNetworkOptions options = Options(epochs: 2);
        options.Augmentation = Augment.Cifar();
        options.BatchAugmentation = new Mixup();
        options.ValidationSet = data;
        options.Callbacks = [seen];
        using TrainNetworkTransformer first = _ml.TrainNetwork(options).Fit(data);
        float[] sums = [.. seen.Sums];
        using TrainNetworkTransformer second = _ml.TrainNetwork(options).Fit(data);

        Assert.Equal(sums, seen.Sums);
        Assert.Equal(first.Transform(data).GetColumn<float[]>("Score"), second.Transform(data).GetColumn<float[]>("Score"));
        options.Augmentation = null;
        options.BatchAugmentation = null;
        using TrainNetworkTransformer plain = _ml.TrainNetwork(options).Fit(data);
        Assert.NotEqual(sums, seen.Sums);
        // Without augmentation an epoch is the same images in another order.
        Assert.Equal(seen.Sums.Take(3).Sum(), seen.Sums.Skip(3).Sum(), 0.05f);
        Assert.NotEqual(sums.Take(3).Sum(), sums.Skip(3).Sum(), 0.05f);
    }

    [Fact]
    public void Time_spent_waiting_for_data_is_reported()
    {
        using TrainNetworkTransformer model = _ml
            .MulticlassClassification.Trainers.TrainNetwork(Options(epochs: 2))
            .Fit(_images.Paths(_ml));
        TrainingHistory history = model.Result.History;
        Assert.Equal(
            history.Epochs.Sum(epoch => epoch.DataWait.TotalSeconds) / history.Epochs.Sum(epoch => epoch.Duration.TotalSeconds),
            history.DataWaitFraction,
            1e-3
        );
        Assert.All(history.Epochs, epoch => Assert.InRange(epoch.DataWait, TimeSpan.FromTicks(1), epoch.Duration));
    }

    private static TrainNetworkOptions Options(int epochs = 15) =>
        new()
        {
            CreateGraph = SmallCnn.Create,
            Epochs = epochs,
            BatchSize = 12,
            LearningRate = 0.03f,
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
            Schedule = new OneCycleSchedule(),
        };

    private static void AssertClose(IEnumerable<float[]> expected, IEnumerable<float[]> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, (a, b) => Math.Abs(a - b) < 1e-5f));

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private static IEnumerable<string> Describe(SchemaShape shape) =>
        shape
            .Select(c =>
                $"{c.Name} {c.Kind} {c.ItemType} {c.IsKey} "
                + $"{string.Join(' ', c.Annotations.OrderBy(a => a.Name).Select(a => $"{a.Name}:{a.Kind}:{a.ItemType}"))}"
            )
            .Order();

    private sealed class SeenImages : MLNetExtensions.Training.Callbacks.TrainingCallback
    {
        public List<float> Sums { get; } = [];

        public override void OnTrainBegin(MLNetExtensions.Training.Callbacks.TrainBeginArguments arguments) => Sums.Clear();

        public override void OnStepEnd(MLNetExtensions.Training.Callbacks.StepEndArguments arguments) =>
            Sums.Add(arguments.Batch.Inputs[0].ToArray().Sum() / 1000);
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";
    }

    private sealed class Priced
    {
        public string Image { get; set; } = "";

        public float Price { get; set; }
    }

    private sealed class Guess
    {
        public float PriceGuess { get; set; }
    }

    private sealed class Tagged
    {
        public string Image { get; set; } = "";

        [VectorType(3)]
        public bool[] Flags { get; set; } = [];

        [VectorType(3)]
        public float[] Values { get; set; } = [];
    }

    private sealed class Named
    {
        public string Image { get; set; } = "";

        public float Warm { get; set; }

        public float Cold { get; set; }
    }
}
