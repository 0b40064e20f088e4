using System.Text.Json;
using MLNetExtensions.TestData;
using MLNetExtensions.Training.Metrics.Segmentation;
using Xunit;

namespace MLNetExtensions.Tests.Training.Metrics.Segmentation;

public sealed class SegmentationConfusionTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf("segmentation.json"))).RootElement;

    [Fact]
    public void The_figures_are_those_of_scikit_learn()
    {
        JsonElement expected = Golden.GetProperty("expected");

        SegmentationConfusion counted = Count(boundaryTolerance: 0.05);

        Assert.Equal(
            expected.GetProperty("confusion").EnumerateArray().Select(v => v.GetInt64()),
            Classes(5).SelectMany(t => Classes(5).Select(p => counted.Count(t, p)))
        );
        Assert.Equal(Numbers("iou"), Classes(5).Select(c => Math.Round(counted.IoU(c), 12)));
        Assert.Equal(Numbers("dice"), Classes(5).Select(c => Math.Round(counted.Dice(c), 12)));
        Assert.Equal(Numbers("precision"), Classes(5).Select(c => Math.Round(counted.Precision(c), 12)));
        Assert.Equal(Numbers("accuracy"), Classes(4).Select(c => Math.Round(counted.Accuracy(c), 12)));
        Assert.Equal(double.NaN, counted.Accuracy(4));
        foreach (
            (string name, double actual) in new[]
            {
                ("meanIoU", counted.MeanIoU),
                ("meanAccuracy", counted.MeanAccuracy),
                ("pixelAccuracy", counted.PixelAccuracy),
                ("frequencyWeightedIoU", counted.FrequencyWeightedIoU),
            }
        )
            Assert.Equal(expected.GetProperty(name).GetDouble(), actual, 1e-12);
        Assert.Equal(4, counted.Images);
        Assert.Equal(Golden.GetProperty("images").EnumerateArray().Sum(i => Truth(i).Count(v => v == 255)), counted.Ignored);
    }

    [Theory]
    [InlineData(0.05, "boundary")]
    [InlineData(0.0075, "boundaryStrict")]
    public void Outlines_agree_as_by_distance_transforms(double tolerance, string name)
    {
        SegmentationConfusion counted = Count(tolerance);

        Assert.Equal(Numbers(name), Classes(5).Select(c => Math.Round(counted.BoundaryF1(c), 12)));
    }

    [Fact]
    public void Parts_add_up_to_the_whole()
    {
        SegmentationConfusion whole = Count(0.05),
            sum = new(5, 255, 0.05);
        foreach (JsonElement image in Golden.GetProperty("images").EnumerateArray())
        {
            var part = new SegmentationConfusion(5, 255, 0.05);
            Add(part, image);
            sum.Add(part);
        }

        Assert.Equal(whole.MeanIoU, sum.MeanIoU);
        Assert.Equal(whole.MeanBoundaryF1, sum.MeanBoundaryF1, 1e-12);
        Assert.Equal((whole.Images, whole.Ignored, whole.Pixels), (sum.Images, sum.Ignored, sum.Pixels));
    }

    [Fact]
    public void A_class_that_is_nowhere_does_not_count()
    {
        var counted = new SegmentationConfusion(3, boundaryTolerance: 0.0075);

        counted.Add([0, 0, 1, 1], [0, 1, 1, 255], 2, 2);

        // Class 0: 1 of 2; class 1: 1 of 2; class 2 is nowhere.
        Assert.Equal(double.NaN, counted.IoU(2));
        Assert.Equal(double.NaN, counted.BoundaryF1(2));
        Assert.Equal(0.5, counted.MeanIoU, 1e-12);
        Assert.Equal(1, counted.Ignored);
        Assert.Equal(2 / 3.0, counted.PixelAccuracy, 1e-12);
    }

    [Fact]
    public void Nothing_counted_is_nothing_known() => Assert.Equal(double.NaN, new SegmentationConfusion(2).MeanIoU);

    [Fact]
    public void Without_an_ignored_index_all_pixels_count()
    {
        var counted = new SegmentationConfusion(256, ignoredIndex: null);

        counted.Add([255, 0], [255, 255], 2, 1);

        Assert.Equal(0.5, counted.IoU(255));
        Assert.Equal(0, counted.Ignored);
    }

    [Fact]
    public void Unknown_indices_are_named_with_the_pixel_and_nothing_is_added()
    {
        var counted = new SegmentationConfusion(2);

        ArgumentException mask = Assert.Throws<ArgumentException>(() => counted.Add([0, 0, 0, 0], [0, 0, 0, 9], 2, 2));
        ArgumentException prediction = Assert.Throws<ArgumentException>(() => counted.Add([0, 0, 2, 0], [0, 0, 0, 1], 2, 2));
        ArgumentException size = Assert.Throws<ArgumentException>(() => counted.Add([0, 0, 1], [0, 0, 1, 0], 2, 2));

        Assert.Contains("The mask has index 9 at x 1, y 1. Expected 0 to 1", mask.Message, StringComparison.Ordinal);
        Assert.Contains("The prediction has index 2 at x 0, y 1", prediction.Message, StringComparison.Ordinal);
        Assert.Contains("2 x 2 pixels, its prediction 3", size.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (counted.Pixels, counted.Images));
    }

    private static IEnumerable<int> Classes(int count) => Enumerable.Range(0, count);

    private static SegmentationConfusion Count(double? boundaryTolerance)
    {
        var counted = new SegmentationConfusion(5, 255, boundaryTolerance);
        foreach (JsonElement image in Golden.GetProperty("images").EnumerateArray())
            Add(counted, image);
        return counted;
    }

    private static void Add(SegmentationConfusion counted, JsonElement image) =>
        counted.Add(
            Convert.FromHexString(image.GetProperty("predicted").GetString()!),
            Truth(image),
            image.GetProperty("width").GetInt32(),
            image.GetProperty("height").GetInt32()
        );

    private static byte[] Truth(JsonElement image) => Convert.FromHexString(image.GetProperty("truth").GetString()!);

    private static IEnumerable<double> Numbers(string name) =>
        Golden
            .GetProperty("expected")
            .GetProperty(name)
            .EnumerateArray()
            .Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : Math.Round(v.GetDouble(), 12));
}
