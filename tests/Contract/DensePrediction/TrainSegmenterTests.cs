using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Onnx.Networks.Segmentation;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.TrainSegmenter;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Metrics.Segmentation;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TrainingContract.DensePrediction;

public sealed class TrainSegmenterTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DrawnSquares _squares = new(24);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose()
    {
        _reloaded.Dispose();
        _squares.Dispose();
    }

    [Theory]
    [InlineData(SegmentationDecoder.FeaturePyramid, 60, 0.8)]
    [InlineData(SegmentationDecoder.UNet, 40, 0.8)]
    [InlineData(SegmentationDecoder.LiteRaspp, 60, 0.6)]
    public void Squares_are_outlined_and_a_saved_model_outlines_the_same(SegmentationDecoder decoder, int epochs, double least)
    {
        IDataView data = _squares.Masks(_ml);
        TrainSegmenterOptions options = Options(epochs);
        options.Decoder = decoder;
        using TrainSegmenterTransformer model = Train(options, data);

        IDataView scored = model.Transform(data);
        SegmentationReport report = _ml.Vision().ReportSegmentation(scored);
        Assert.True(report.MeanIoU > least, $"{report}");
        byte[][] here = Read(scored),
            loaded = Read(_reloaded.Of(_ml, model, data.Schema).Transform(data));
        Assert.All(here, mask => Assert.Equal(DrawnSquares.Width * DrawnSquares.Height, mask.Length));
        Assert.Equal(here.Length, loaded.Length);
        // Half of a grey level may decide a pixel whose classes are equally likely.
        double different = here.Zip(loaded)
            .Average(pair => pair.First.Zip(pair.Second).Count(p => p.First != p.Second) / (double)pair.First.Length);
        Assert.True(different < 0.001, $"{different}");
        string file = Path.Combine(_squares.Folder, "segmenter.onnx");
        model.ExportOnnx(file);
        using ScoreOnnxTransformer exported = _ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = file, Inputs = [new OnnxInput { ColumnName = "ImagePath" }] })
            .Fit(data);
        Assert.Equal(here, Read(exported.Transform(data)));
    }

    [Fact]
    public void All_terms_of_the_loss_train_together()
    {
        TrainSegmenterOptions options = Options(1);
        (options.DiceWeight, options.LovaszWeight, options.FocalGamma, options.ClassWeights) = (1, 1, 2, [0.5f, 1, 1]);
        using TrainSegmenterTransformer model = Train(options, _squares.Masks(_ml));
        Assert.All(model.Result.History.Epochs, epoch => Assert.True(double.IsFinite(epoch.TrainLoss)));
    }

    [Fact]
    public void Validation_tells_the_fraction_of_pixels_that_are_right()
    {
        TrainSegmenterOptions options = Options(2);
        options.ValidationFraction = 0.25f;
        using TrainSegmenterTransformer model = Train(options, _squares.Masks(_ml));
        Assert.All(model.Result.History.Epochs, epoch => Assert.InRange(epoch.ValidationAccuracy!.Value, 0.01, 1));
    }

    [Theory]
    [InlineData(2)] // the index is none of a class
    [InlineData(3)] // it is that of green
    public void Any_index_may_be_the_one_that_does_not_count(int classes)
    {
        IReadOnlyList<EpochResult> other = Epochs("masks", ignored: 2),
            usual = Epochs(_squares.WriteMasks("usual", index => index == 2 ? 255 : index), ignored: 255);
        Assert.Equal(usual.Select(e => e.TrainLoss), other.Select(e => e.TrainLoss));
        Assert.Equal(usual.Select(e => e.ValidationMeanIoU), other.Select(e => e.ValidationMeanIoU));
        Assert.All(other, epoch => Assert.InRange(epoch.ValidationMeanIoU!.Value, 0.01, 1));

        IReadOnlyList<EpochResult> Epochs(string masks, int ignored)
        {
            IDataView data = _ml.Data.LoadFromMasks(
                Path.Combine(_squares.Folder, "images"),
                Path.Combine(_squares.Folder, masks),
                new LoadMasksOptions { Classes = DrawnSquares.Classes[..classes], IgnoredIndex = ignored }
            );
            TrainSegmenterOptions options = Options(2);
            options.ValidationSet = data;
            using TrainSegmenterTransformer model = Train(options, data);
            return model.Result.History.Epochs;
        }
    }

    [Fact]
    public void Validation_measures_what_a_report_of_the_same_images_says()
    {
        using var others = new DrawnSquares(12, seed: 2);
        IDataView validation = others.Masks(_ml);
        TrainSegmenterOptions options = Options(10);
        options.ValidationSet = validation;
        using TrainSegmenterTransformer model = Train(options, _squares.Masks(_ml));

        TrainingHistory history = model.Result.History;
        double best = history.Epochs[history.BestEpoch].ValidationMeanIoU!.Value;
        Assert.Equal(history.Epochs.Where(e => e.Phase == TrainingPhase.Backbone).Max(e => e.ValidationMeanIoU), best);
        Assert.Equal(_ml.Vision().ReportSegmentation(model.Transform(validation)).MeanIoU, best, 1e-3);
    }

    [Fact]
    public void Images_are_mixed_with_their_masks()
    {
        TrainSegmenterOptions options = Options(12);
        (options.Mixing, options.EpochsWithoutMixing) = ([new Mosaic { Fill = 0 }], 4);
        using TrainSegmenterTransformer model = Train(options, _squares.Masks(_ml));
        SegmentationReport report = _ml.Vision().ReportSegmentation(model.Transform(_squares.Masks(_ml)));
        Assert.True(report.PixelAccuracy > 0.8, $"{report}");
    }

    [Fact]
    public void Masks_are_not_laid_over_each_other()
    {
        TrainSegmenterOptions options = Options(1);
        options.Mixing = [new BoxMixup()];
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Train(options, _squares.Masks(_ml))).Message;
        Assert.Contains("Mosaic alone", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_for_other_classes_are_refused()
    {
        TrainSegmenterOptions options = Options(1);
        options.ClassWeights = [1, 1];
        string message = Assert.Throws<ArgumentException>(() => Train(options, _squares.Masks(_ml))).Message;
        Assert.Contains("has 2 weights; expected 3", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_no_mask_is_refused()
    {
        TrainSegmenterOptions options = Options(1);
        options.LabelColumnName = "ImagePath";
        string message = Assert.Throws<ArgumentException>(() => Train(options, _squares.Masks(_ml))).Message;
        Assert.Contains("does not say its classes", message, StringComparison.Ordinal);
    }

    private TrainSegmenterTransformer Train(TrainSegmenterOptions options, IDataView data) =>
        _ml.MulticlassClassification.Trainers.TrainSegmenter(options).Fit(data);

    private static TrainSegmenterOptions Options(int epochs) =>
        new()
        {
            Backbone = SmallBackbone.Create(64, [8, 12, 16, 24, 32]),
            ImageWidth = 64,
            ImageHeight = 64,
            HeadChannels = 16,
            Epochs = epochs,
            FreezeEpochs = 1,
            BatchSize = 4,
            LearningRate = 1e-2f,
            BackboneLearningRateMultiplier = 1,
            Augmentation = Augment.None(),
            Seed = 1,
            Runtime = RuntimeUnderTest.Create(),
        };

    private byte[][] Read(IDataView scored) =>
        [
            .. _ml
                .Data.CreateEnumerable<Masked>(
                    _ml.Transforms.SelectColumns("PredictedMask").Fit(scored).Transform(scored),
                    reuseRowObject: false
                )
                .Select(row => row.PredictedMask),
        ];

    private sealed class Masked
    {
        public byte[] PredictedMask { get; set; } = [];
    }
}
