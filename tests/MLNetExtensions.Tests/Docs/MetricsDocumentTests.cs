using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using MLNetExtensions.Training.Metrics.Detections;
using MLNetExtensions.Training.Metrics.Segmentation;
using Xunit;

namespace MLNetExtensions.Tests.Docs;

public sealed class MetricsDocumentTests
{
    [Fact]
    public void The_block_on_object_detectors_runs()
    {
        using var temporary = new TemporaryFolder();
        temporary.Add("images/a.jpg", DrawnPhoto.Encode(1, 64, 48));
        string folder = Path.Combine(temporary.Path, "images"),
            annotations = temporary.Add(
                "test.json",
                """
                {
                  "images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}],
                  "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [4, 6, 10, 12]}],
                  "categories": [{"id": 1, "name": "dog"}]
                }
                """u8
            );
        var ml = new MLContext(seed: 1);
        // Finds each object where it is.
        ITransformer detector = ml
            .Transforms.CopyColumns("PredictedLabel", "Label")
            .Append(ml.Transforms.CopyColumns("PredictedBoundingBoxes", "BoundingBoxes"))
            .Append(
                ml.Transforms.CustomMapping(
                    (Objects row, Scores scores) => scores.Score = [.. row.BoundingBoxes.Where((_, i) => i % 4 == 0).Select(_ => 1f)],
                    contractName: null
                )
            )
            .Fit(ml.Data.LoadFromCoco(annotations, new LoadCocoOptions { ImageFolder = folder }));

        IDataView images = ml.Data.LoadFromCoco(annotations, new LoadCocoOptions { ImageFolder = folder });
        DetectionReport report = ml.Vision().ReportDetection(detector.Transform(images));
        Console.WriteLine(report);

        Assert.Equal(1, report.MeanAveragePrecision, 1e-9);
    }

    [Fact]
    public void The_block_on_segmentations_runs()
    {
        using var temporary = new TemporaryFolder();
        byte[] plane = new byte[64 * 48];
        plane.AsSpan(64 * 20).Fill(1);
        temporary.Add("photos/a.jpg", DrawnPhoto.Encode(1, 64, 48));
        using (SkiaSharp.SKData png = ImageEncoder.Encode(plane, 64, 48, jpegQuality: null))
            temporary.Add("masks/a.png", png.AsSpan());
        string photos = Path.Combine(temporary.Path, "photos"),
            masks = Path.Combine(temporary.Path, "masks");
        var ml = new MLContext(seed: 1);
        // Finds each mask as it is.
        ITransformer model = ml
            .Transforms.CopyColumns("PredictedMask", "MaskPath")
            .Fit(ml.Data.LoadFromMasks(photos, masks, new LoadMasksOptions { Classes = ["background", "road"] }));

        IDataView images = ml.Data.LoadFromMasks(photos, masks, new LoadMasksOptions { Classes = ["background", "road"] });
        SegmentationReport report = ml.Vision().ReportSegmentation(model.Transform(images));
        Console.WriteLine(report);

        Assert.Equal(1, report.MeanIoU, 1e-9);
        Assert.Equal(1, report.MeanBoundaryF1, 1e-9);
    }

    private sealed class Objects
    {
        public float[] BoundingBoxes { get; set; } = [];
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
