using DrawnShapes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx.Networks.Segmentation;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Trainers.TrainSegmenter;
using MLNetExtensions.Training.Metrics.Segmentation;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The blocks of docs/segmentation.md.</summary>
public sealed class SegmentationDocumentTests : IDisposable
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
            imageFolder = _scenes.Images,
            maskFolder = _scenes.Masks,
            modelFile = FileOf("segmenter.zip"),
            onnxFile = FileOf("segmenter.onnx"),
            photoFile = Path.Combine(_scenes.Images, "0001.png"),
            pictureFile = FileOf("mask.png");
        SmallBackbone.Create(Side, [8, 12, 16, 24, 32]).Graph.Save(backboneFile);

        var ml = new MLContext(seed: 1);
        IDataView images = ml.Data.LoadFromMasks( // ImagePath, MaskPath
            imageFolder,
            maskFolder,
            new LoadMasksOptions { Classes = ["background", "circle", "rectangle", "triangle"] }
        );
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.2);

        using TrainSegmenterTransformer segmenter = ml
            .MulticlassClassification.Trainers.TrainSegmenter(
                new TrainSegmenterOptions
                {
                    Backbone = Backbone.FromFile(backboneFile),
                    Decoder = SegmentationDecoder.FeaturePyramid,
                    DiceWeight = 0.5f, // for classes of few pixels
                    ImageWidth = 128, // multiples of 32; 320 by default
                    ImageHeight = 128,
                    Epochs = 4, // 60 by default
                }
            )
            .Fit(split.TrainSet);
        SegmentationReport report = ml.Vision().ReportSegmentation(segmenter.Transform(split.TestSet));
        Console.WriteLine(report);
        ml.Model.SaveAtomic(segmenter, images.Schema, modelFile);
        segmenter.ExportOnnx(onnxFile);

        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Photo, PhotoMask> engine = ml.Model.CreatePredictionEngine<Photo, PhotoMask>(model);
        byte[] mask = engine.Predict(new Photo { ImagePath = photoFile }).PredictedMask;
        Console.WriteLine($"{mask.Count(pixel => pixel > 0)} of {mask.Length} pixels are no background");
        ml.Vision().DrawMask(photoFile, mask, segmenter.Classes, pictureFile);

        using ScoreOnnxTransformer exported = ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = onnxFile, Inputs = [new OnnxInput { ColumnName = "ImagePath" }] })
            .Fit(images);

        Assert.InRange(report.MeanIoU, 0, 1);
        Assert.Equal(Side * Side, mask.Length);
        Assert.All(exported.Transform(images).GetColumn<byte[]>("PredictedMask"), other => Assert.Equal(Side * Side, other.Length));
    }

    private string FileOf(string name) => Path.Combine(_folder.Path, name);

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class PhotoMask
    {
        public byte[] PredictedMask { get; set; } = []; // the index of each pixel's class, row after row
    }
}
