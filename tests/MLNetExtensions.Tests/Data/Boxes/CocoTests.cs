using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using MLNetExtensions.Training.Metrics.Detections;
using Xunit;

namespace MLNetExtensions.Tests.Data.Boxes;

public sealed class CocoTests : IDisposable
{
    private const string Good = """
        {
          "info": {"year": 2026},
          "images": [{"id": 7, "file_name": "a.jpg", "width": 64, "height": 48}, {"id": 3, "file_name": "b.jpg", "width": 64, "height": 48}],
          "annotations": [
            {"id": 1, "image_id": 7, "category_id": 20, "bbox": [4, 6, 10, 12.5], "area": 125, "iscrowd": 0, "segmentation": [[1, 2, 3]]},
            {"id": 2, "image_id": 7, "category_id": 5, "bbox": [0, 0, 64, 48], "iscrowd": 1}
          ],
          "categories": [{"id": 20, "name": "dog"}, {"id": 5, "name": "cat"}]
        }
        """;

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public CocoTests()
    {
        foreach (string name in new[] { "a.jpg", "b.jpg" })
            _folder.Add(name, DrawnPhoto.Encode(name[0], 64, 48));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_the_images_with_their_boxes()
    {
        IDataView images = _ml.Data.LoadFromCoco(Write(Good));

        Assert.Equal([Path.Combine(_folder.Path, "a.jpg"), Path.Combine(_folder.Path, "b.jpg")], images.GetColumn<string>("ImagePath"));
        VBuffer<ReadOnlyMemory<char>> names = default;
        images.Schema["Label"].GetKeyValues(ref names);
        Assert.Equal(["cat", "dog"], names.DenseValues().Select(name => name.ToString()));
        Assert.Equal(
            [
                [2u, 1u],
                [],
            ],
            images.GetColumn<uint[]>("Label")
        );
        Assert.Equal(
            [
                [4, 6, 14, 18.5f, 0, 0, 64, 48],
                [],
            ],
            images.GetColumn<float[]>("BoundingBoxes")
        );
        Assert.Equal(
            [
                [false, true],
                [],
            ],
            images.GetColumn<bool[]>("IsCrowd")
        );
    }

    [Theory]
    [InlineData("\"image_id\": 7, \"category_id\": 20", "\"image_id\": 8, \"category_id\": 20", "annotation 1 names image 8")]
    [InlineData("\"category_id\": 20", "\"category_id\": 21", "annotation 1 names category 21")]
    [InlineData("[4, 6, 10, 12.5]", "[4, 6, 10]", "annotation 1 has no box")]
    [InlineData("[4, 6, 10, 12.5]", "[4, 6, -10, 12.5]", "annotation 1 of 'a.jpg' has the box (4, 6, -6, 18.5), which is inverted")]
    [InlineData("[4, 6, 10, 12.5]", "[4, 6, 0, 12.5]", "has no area")]
    [InlineData("[4, 6, 10, 12.5]", "[64, 6, 10, 12.5]", "outside the image of 64 x 48 pixels. No other box is wrong")]
    [InlineData("[4, 6, 10, 12.5]", "[60, 6, 10, 12.5]", "reaches over the edge of the image of 64 x 48 pixels")]
    [InlineData("[4, 6, 10, 12.5]", "[4, 6, 1e999, 12.5]", "1")]
    [InlineData("\"id\": 3,", "\"id\": 7,", "two image entries have the id 7")]
    [InlineData("\"name\": \"cat\"", "\"name\": \"dog\"", "names the class 'dog' twice")]
    [InlineData("\"name\": \"cat\"", "\"name\": \" \"", "category 5 has no name")]
    [InlineData("\"images\"", "\"pictures\"", "it has no images")]
    [InlineData("\"annotations\"", "\"boxes\"", "it has no annotations")]
    [InlineData("\"images\": [", "\"images\": [null, ", "entry 0 of its images is null")]
    [InlineData("\"annotations\": [", "\"annotations\": [null, ", "entry 0 of its annotations is null")]
    [InlineData("\"categories\": [", "\"categories\": [null, ", "entry 0 of its categories is null")]
    [InlineData("\"categories\": [", "\"categories\": 3, \"other\": [", "is not COCO's JSON")]
    public void A_wrong_file_is_named_with_the_place(string part, string changed, string expected)
    {
        string file = Write(Good.Replace(part, changed, StringComparison.Ordinal));

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromCoco(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_boxes_are_left_out_with_a_warning()
    {
        List<string> warnings = [];
        _ml.Log += (_, e) => warnings.AddRange(e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? [e.Message] : []);

        IDataView images = _ml.Data.LoadFromCoco(
            Write(Good.Replace("[4, 6, 10, 12.5]", "[4, 6, 0, 12.5]", StringComparison.Ordinal)),
            new LoadCocoOptions { InvalidBoxes = InvalidBoxHandling.Skip }
        );

        Assert.Equal(
            [
                [1u],
                [],
            ],
            images.GetColumn<uint[]>("Label")
        );
        Assert.Contains(warnings, warning => warning.Contains("0 were cut at the image's edge, 1 left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Asked_classes_are_the_keys_in_their_order()
    {
        IDataView images = _ml.Data.LoadFromCoco(Write(Good), new LoadCocoOptions { Classes = ["horse", "dog", "cat"] });

        Assert.Equal([2u, 3u], images.GetColumn<uint[]>("Label").First());
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            _ml.Data.LoadFromCoco(Write(Good), new LoadCocoOptions { Classes = ["dog"] })
        );
        Assert.Contains("annotation 2 is of the class 'cat', which is none of Classes (dog)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_images_are_named()
    {
        string file = Write(Good.Replace("b.jpg", "c.jpg", StringComparison.Ordinal));

        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromCoco(file));

        Assert.Contains("1 of the 2 images", error.Message, StringComparison.Ordinal);
        Assert.Contains("LoadCocoOptions.ImageFolder", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _ml.Data.LoadFromCoco(file, new LoadCocoOptions { CheckFiles = false }).GetRowCount());
    }

    [Fact]
    public void Labels_and_predictions_are_compared_by_name()
    {
        IDataView images = _ml.Data.LoadFromCoco(Write(Good.Replace("\"iscrowd\": 1", "\"iscrowd\": 0", StringComparison.Ordinal)));
        IDataView found = _ml.Data.LoadFromEnumerable([
            new Found
            {
                Names = ["dog", "horse", "cat"],
                PredictedBoundingBoxes = [4, 6, 14, 18.5f, 1, 1, 9, 9, 0, 0, 64, 48],
                Score = [0.9f, 0.8f, 0.7f],
            },
            new Found
            {
                Names = [],
                PredictedBoundingBoxes = [],
                Score = [],
            },
        ]);
        found = _ml.Transforms.Conversion.MapValueToKey("PredictedLabel", "Names").Fit(found).Transform(found);

        DetectionReport report = _ml.Vision().ReportDetection(Beside(images, found));

        Assert.Equal(1, report.MeanAveragePrecision, 1e-9);
        Assert.Equal(1, report.DetectionsOfOtherClasses);
        Assert.Equal(["cat", "dog"], report.Classes.Select(c => c.Name));
        Assert.Contains("mAP, IoU 0.50", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_do_not_fit_are_named_with_the_row()
    {
        IDataView images = _ml.Data.LoadFromCoco(Write(Good));
        IDataView found = _ml.Data.LoadFromEnumerable([
            new Found
            {
                Names = ["dog"],
                PredictedBoundingBoxes = [4, 6, 14],
                Score = [0.9f],
            },
            new Found
            {
                Names = ["cat"],
                PredictedBoundingBoxes = [4, 6, 2, 9],
                Score = [0.9f],
            },
        ]);
        found = _ml.Transforms.Conversion.MapValueToKey("PredictedLabel", "Names").Fit(found).Transform(found);

        InvalidDataException length = Assert.Throws<InvalidDataException>(() => _ml.Vision().ReportDetection(Beside(images, found)));
        Assert.Contains("Row 0: column 'PredictedBoundingBoxes' has 3 values; expected 4", length.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().ReportDetection(images));
    }

    private string Write(string json) => _folder.Add("annotations.json", Encoding.UTF8.GetBytes(json));

    /// <summary>The columns of two views, row by row.</summary>
    private IDataView Beside(IDataView images, IDataView found)
    {
        uint[][] keys = [.. found.GetColumn<uint[]>("PredictedLabel")];
        float[][] boxes = [.. found.GetColumn<float[]>("PredictedBoundingBoxes")],
            scores = [.. found.GetColumn<float[]>("Score")];
        string[] paths = [.. images.GetColumn<string>("ImagePath")];
        VBuffer<ReadOnlyMemory<char>> names = default;
        found.Schema["PredictedLabel"].GetKeyValues(ref names);
        return _ml
            .Transforms.CustomMapping(
                (PathRow row, FoundRow result) =>
                {
                    int i = Array.IndexOf(paths, row.ImagePath);
                    result.Key = [.. keys[i].Select(key => names.GetItemOrDefault((int)key - 1).ToString())];
                    (result.PredictedBoundingBoxes, result.Score) = (boxes[i], scores[i]);
                },
                contractName: null
            )
            .Append(_ml.Transforms.Conversion.MapValueToKey("PredictedLabel", "Key"))
            .Fit(images)
            .Transform(images);
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class FoundRow
    {
        public string[] Key { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    private sealed class Found
    {
        public string[] Names { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
