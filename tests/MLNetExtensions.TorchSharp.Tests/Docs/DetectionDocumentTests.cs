using DrawnShapes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Training.Metrics.Detections;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The blocks of docs/detection.md.</summary>
public sealed class DetectionDocumentTests : IDisposable
{
    private const int Side = 128;

    private readonly ShapeSceneFolder _scenes = new(images: 6, seed: 1, Side, mostObjects: 3, isEasy: true);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scenes.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_blocks_run()
    {
        string backboneFile = FileOf("backbone.onnx"),
            trainFile = _scenes.Coco,
            testFile = _scenes.Coco,
            imageFolder = _scenes.Images,
            modelFile = FileOf("detector.zip"),
            onnxFile = FileOf("detector.onnx"),
            photoFile = Path.Combine(_scenes.Images, "0001.png"),
            pictureFile = FileOf("found.png");
        SmallBackbone.Create(Side, [8, 12, 16, 24, 32]).Graph.Save(backboneFile);

        var ml = new MLContext(seed: 1);
        var load = new LoadCocoOptions { ImageFolder = imageFolder };
        IDataView training = ml.Data.LoadFromCoco(trainFile, load); // ImagePath, Label, BoundingBoxes, IsCrowd
        IDataView test = ml.Data.LoadFromCoco(testFile, load);

        using TrainDetectorTransformer detector = ml
            .MulticlassClassification.Trainers.TrainDetector(
                new TrainDetectorOptions
                {
                    Backbone = Backbone.FromFile(backboneFile),
                    ImageWidth = 128, // multiples of 32; 320 by default
                    ImageHeight = 128,
                    Epochs = 4, // 60 by default
                    ScoreThreshold = 0.01f, // for figures; 0.25 by default, for applications
                }
            )
            .Fit(training);
        DetectionReport report = ml.Vision().ReportDetection(detector.Transform(test));
        Console.WriteLine(report);
        ml.Model.SaveAtomic(detector, training.Schema, modelFile);
        detector.ExportOnnx(onnxFile);

        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Photo, FoundObjects> engine = ml.Model.CreatePredictionEngine<Photo, FoundObjects>(model);
        VBuffer<ReadOnlyMemory<char>> names = default;
        engine.OutputSchema["PredictedLabel"].GetKeyValues(ref names);
        string[] classes = [.. names.DenseValues().Select(name => name.ToString())];

        FoundObjects found = engine.Predict(new Photo { ImagePath = photoFile });
        string[] labels = [.. found.PredictedLabel.Select(key => classes[key - 1])];
        ml.Vision().DrawDetections(photoFile, found.PredictedBoundingBoxes, labels, found.Score, pictureFile);

        using ScoreOnnxTransformer exported = ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = onnxFile, Inputs = [new OnnxInput { ColumnName = "ImagePath" }] })
            .Fit(test);

        string detectorFile = FileOf("whole.onnx");
        ImagePreprocessing pixels = SaveNamed(detector.Model, detectorFile);
        using TrainDetectorTransformer further = ml
            .MulticlassClassification.Trainers.TrainDetector(
                new TrainDetectorOptions
                {
                    Backbone = Backbone.FromFile(detectorFile, pixels), // pixels: how images become its input
                    HeadOutputs =
                    [
                        new DetectorOutput("cv3.0", "cv2.0"), // in YOLOv8n: /model.22/cv3.0/cv3.0.2/Conv_output_0 and so on
                        new DetectorOutput("cv3.1", "cv2.1"),
                        new DetectorOutput("cv3.2", "cv2.2"),
                    ],
                    ImageWidth = 128,
                    ImageHeight = 128,
                    Epochs = 1,
                }
            )
            .Fit(training);

        Assert.Equal(detector.Classes, further.Classes);
        Assert.Equal(6, report.Count);
        Assert.Equal(["circle", "rectangle", "triangle"], classes);
        Assert.Equal(4 * labels.Length, found.PredictedBoundingBoxes.Length);
        Assert.True(File.Exists(pictureFile));
        Assert.Equal(6, exported.Transform(test).GetColumn<float[]>("Score").Count());
    }

    /// <summary>Saves a detector whose last convolutions have the names of YOLOv8's: cv3 makes classes, cv2 boxes.</summary>
    private static ImagePreprocessing SaveNamed(OnnxGraph model, string file)
    {
        int[] counts = [0, 0];
        (
            model with
            {
                Nodes =
                [
                    .. model.Nodes.Select(node =>
                        node is not { OpType: "Conv", Inputs: [_, var weight, _] } ? node
                        : model.Initializers[weight].Shape[0] == 64 ? node with { Name = $"cv2.{counts[0]++}" }
                        : model.Initializers[weight].Shape[0] == 3 ? node with { Name = $"cv3.{counts[1]++}" }
                        : node
                    ),
                ],
            }
        ).Save(file);
        return new ImagePreprocessing
        {
            Width = 128,
            Height = 128,
            CropFraction = 1,
            Scale = 1,
            Mean = [0, 0, 0],
            StandardDeviation = [1, 1, 1],
        };
    }

    private string FileOf(string name) => Path.Combine(_folder.Path, name);

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class FoundObjects
    {
        public uint[] PredictedLabel { get; set; } = []; // keys, from 1
        public float[] PredictedBoundingBoxes { get; set; } = []; // left, top, right, bottom of each
        public float[] Score { get; set; } = [];
    }
}
