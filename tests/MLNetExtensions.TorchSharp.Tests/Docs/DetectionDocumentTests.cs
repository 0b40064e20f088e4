using DrawnShapes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
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

        Assert.Equal(6, report.Count);
        Assert.Equal(["circle", "rectangle", "triangle"], classes);
        Assert.Equal(4 * labels.Length, found.PredictedBoundingBoxes.Length);
        Assert.True(File.Exists(pictureFile));
        Assert.Equal(6, exported.Transform(test).GetColumn<float[]>("Score").Count());
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
