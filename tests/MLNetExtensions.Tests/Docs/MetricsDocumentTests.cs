using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using MLNetExtensions.Training.Metrics.Detections;
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

    private sealed class Objects
    {
        public float[] BoundingBoxes { get; set; } = [];
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
