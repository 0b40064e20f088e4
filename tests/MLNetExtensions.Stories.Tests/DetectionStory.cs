using DrawnShapes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Training.Metrics.Detections;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>An object detector is trained on boxes of COCO, measured, saved, loaded, exported, and finds the same everywhere.</summary>
public sealed class DetectionStory : IDisposable
{
    private const float Threshold = 0.05f;

    private readonly ShapeSceneFolder _scenes = new(images: 48, seed: 1, DenseNetwork.Side, mostObjects: 2, isEasy: true);
    private readonly ShapeFolder _folder = new();

    public void Dispose()
    {
        _scenes.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_trained_detector_finds_the_same_when_loaded_and_exported()
    {
        var ml = new MLContext(seed: 1);
        IDataView images = ml.Data.LoadFromCoco(_scenes.Coco, new LoadCocoOptions { ImageFolder = _scenes.Images });
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.25, seed: 1);
        using TrainDetectorTransformer detector = ml
            .MulticlassClassification.Trainers.TrainDetector(
                new TrainDetectorOptions
                {
                    Backbone = DenseNetwork.Backbone(),
                    ImageWidth = DenseNetwork.Side,
                    ImageHeight = DenseNetwork.Side,
                    HeadChannels = 16,
                    BatchSize = 8,
                    Epochs = 20,
                    LearningRate = 1e-2f,
                    BackboneLearningRateMultiplier = 1,
                    Augmentation = new HorizontalFlip(),
                    ScoreThreshold = Threshold,
                }
            )
            .Fit(split.TrainSet);
        IDataView scored = detector.Transform(split.TestSet);
        // Few images and seconds: it has begun to find what it has seen.
        DetectionReport report = ml.Vision().ReportDetection(detector.Transform(images));
        Assert.True(report.MeanAveragePrecision50 > 0.1, $"{report}");

        string zip = _folder.File("detector.zip"),
            onnx = _folder.File("detector.onnx");
        ml.Model.SaveAtomic(detector, images.Schema, zip);
        detector.ExportOnnx(onnx);

        var other = new MLContext();
        ITransformer loaded = other.Model.Load(zip, out _);
        using ScoreOnnxTransformer exported = other
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = onnx, Inputs = [new OnnxInput { ColumnName = "ImagePath" }] })
            .Fit(split.TestSet);

        AssertSame(scored, loaded.Transform(split.TestSet));
        IDataView elsewhere = exported.Transform(split.TestSet);
        AssertSameBoxes(scored, elsewhere);
        Assert.Equal(Classes(scored), elsewhere.GetColumn<string[]>("mlnetx.Score.label"));
        (loaded as IDisposable)?.Dispose();

        AssertCompresses(ml, detector, images, report.MeanAveragePrecision50);
        Assert.Contains(
            "VisionPredictor answers with a score for each class",
            Assert.Throws<OnnxFormatException>(() => ml.Model.CreateVisionPredictor(zip)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Score detectors and segmentation networks with their transformers",
            Assert.Throws<OnnxFormatException>(() => ml.Model.CreateVisionPredictor(detector)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>The model becomes smaller as others do, and goes on in the same transformer.</summary>
    private static void AssertCompresses(MLContext ml, TrainDetectorTransformer detector, IDataView images, double precision)
    {
        OnnxGraph quantized = ml.Vision()
            .Quantize(detector.Model, new QuantizeOptions { CalibrationSet = images, ImageColumnName = "ImagePath" })
            .Model;
        OnnxGraph half = ml.Vision().ToFloat16(detector.Model).Model;
        OnnxGraph pruned = ml.Vision().Prune(detector.Model, new PruneOptions { TargetMacsFraction = 0.8, ChannelMultiple = 1 }).Model;
        Assert.Contains(quantized.Nodes, node => node.OpType == "QuantizeLinear");
        Assert.True(half.ToBytes().Length < 0.7 * detector.Model.ToBytes().Length);
        Assert.True(pruned.ToBytes().Length < detector.Model.ToBytes().Length);
        Assert.InRange(Precision(quantized), precision - 0.15, 1);
        Assert.InRange(Precision(half), precision - 0.02, 1);
        Assert.InRange(Precision(pruned), 0, 1);

        double Precision(OnnxGraph model)
        {
            using TrainDetectorTransformer smaller = detector.WithModel(model);
            return ml.Vision().ReportDetection(smaller.Transform(images)).MeanAveragePrecision50;
        }
    }

    private static void AssertSame(IDataView expected, IDataView actual)
    {
        Assert.Equal(Classes(expected), Classes(actual));
        AssertSameBoxes(expected, actual);
    }

    private static void AssertSameBoxes(IDataView expected, IDataView actual)
    {
        Assert.Equal(Boxes(expected), Boxes(actual), (a, b) => Math.Abs(a - b) < 0.05f);
        Assert.Equal(expected.GetColumn<float[]>("Score").SelectMany(s => s), actual.GetColumn<float[]>("Score").SelectMany(s => s), Near);
    }

    private static bool Near(float one, float other) => Math.Abs(one - other) < 1e-3f;

    private static IEnumerable<float> Boxes(IDataView scored) => scored.GetColumn<float[]>("PredictedBoundingBoxes").SelectMany(b => b);

    /// <summary>The names of the found classes, an array for each image.</summary>
    private static string[][] Classes(IDataView scored)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["PredictedLabel"].GetKeyValues(ref names);
        string[] byKey = [.. names.DenseValues().Select(name => name.ToString())];
        return [.. scored.GetColumn<uint[]>("PredictedLabel").Select(keys => keys.Select(key => byKey[key - 1]).ToArray())];
    }
}
