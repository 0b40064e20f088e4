using DrawnShapes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainSegmenter;
using MLNetExtensions.Training.Metrics.Segmentation;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A segmentation network is trained on masks, measured, saved, loaded, exported, and makes the same masks everywhere.</summary>
public sealed class SegmentationStory : IDisposable
{
    private readonly ShapeSceneFolder _scenes = new(images: 48, seed: 1, DenseNetwork.Side, mostObjects: 3, isEasy: true);
    private readonly ShapeFolder _folder = new();

    public void Dispose()
    {
        _scenes.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_trained_network_makes_the_same_masks_when_loaded_and_exported()
    {
        var ml = new MLContext(seed: 1);
        IDataView images = ml.Data.LoadFromMasks(
            _scenes.Images,
            _scenes.Masks,
            new LoadMasksOptions { Classes = ["background", .. ShapeScene.Classes] }
        );
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.25, seed: 1);
        using TrainSegmenterTransformer segmenter = ml
            .MulticlassClassification.Trainers.TrainSegmenter(
                new TrainSegmenterOptions
                {
                    Backbone = DenseNetwork.Backbone(),
                    ImageWidth = DenseNetwork.Side,
                    ImageHeight = DenseNetwork.Side,
                    HeadChannels = 16,
                    BatchSize = 8,
                    Epochs = 8,
                    LearningRate = 1e-2f,
                    BackboneLearningRateMultiplier = 1,
                    Augmentation = new HorizontalFlip(),
                }
            )
            .Fit(split.TrainSet);
        IDataView scored = segmenter.Transform(split.TestSet);
        SegmentationReport report = ml.Vision().ReportSegmentation(scored);
        Assert.True(report.MeanIoU > 0.25, $"{report}");

        string zip = _folder.File("segmenter.zip"),
            onnx = _folder.File("segmenter.onnx");
        ml.Model.SaveAtomic(segmenter, images.Schema, zip);
        segmenter.ExportOnnx(onnx);

        var other = new MLContext();
        ITransformer loaded = other.Model.Load(zip, out _);
        using ScoreOnnxTransformer exported = other
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = onnx, Inputs = [new OnnxInput { ColumnName = "ImagePath" }] })
            .Fit(split.TestSet);

        AssertSame(scored, loaded.Transform(split.TestSet));
        AssertSame(scored, exported.Transform(split.TestSet));
        (loaded as IDisposable)?.Dispose();

        OnnxGraph half = ml.Vision().ToFloat16(segmenter.Model).Model;
        string message = Assert
            .Throws<OnnxFormatException>(() =>
                ml.Vision().Quantize(segmenter.Model, new QuantizeOptions { CalibrationSet = images, ImageColumnName = "ImagePath" })
            )
            .Message;
        Assert.Contains("take the part before its ArgMax", message, StringComparison.Ordinal);
        Assert.InRange(MeanIoU(half), report.MeanIoU - 0.02, 1);

        double MeanIoU(OnnxGraph model)
        {
            using TrainSegmenterTransformer smaller = segmenter.WithModel(model);
            return ml.Vision().ReportSegmentation(smaller.Transform(split.TestSet)).MeanIoU;
        }
    }

    /// <summary>Rounding may decide a pixel whose classes are equally likely.</summary>
    private static void AssertSame(IDataView expected, IDataView actual)
    {
        byte[][] one = [.. expected.GetColumn<byte[]>("PredictedMask")],
            other = [.. actual.GetColumn<byte[]>("PredictedMask")];
        Assert.Equal(one.Select(mask => mask.Length), other.Select(mask => mask.Length));
        Assert.InRange(one.Zip(other).Average(masks => masks.First.Zip(masks.Second).Average(p => p.First == p.Second ? 0 : 1)), 0, 0.001);
    }
}
