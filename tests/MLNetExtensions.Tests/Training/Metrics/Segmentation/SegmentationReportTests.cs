using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using MLNetExtensions.Training.Metrics.Segmentation;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Training.Metrics.Segmentation;

public sealed class SegmentationReportTests : IDisposable
{
    private static readonly byte[] Truth = [0, 0, 1, 1, 1, 255],
        Found = [0, 1, 1, 1, 0, 0];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly string _mask;

    public SegmentationReportTests() => _mask = Write("mask.png", Truth);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Masks_and_predicted_bytes_are_compared()
    {
        SegmentationReport report = _ml.Vision().ReportSegmentation(Rows(_mask, Found), Options());

        Check(report);
        Assert.Contains("Mean IoU:", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("road      0.500     0.667", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_may_be_files_or_gray_images()
    {
        IDataView files = _ml.Data.LoadFromEnumerable([new FileRow { MaskPath = _mask, PredictedMask = Write("found.png", Found) }]);
        using var image = MLImage.CreateFromPixels(3, 2, MLPixelFormat.Bgra32, [.. Found.SelectMany(v => new[] { v, v, v, (byte)255 })]);
        IDataView images = _ml.Data.LoadFromEnumerable([new ImageRow { MaskPath = _mask, PredictedMask = image }]);

        Check(_ml.Vision().ReportSegmentation(files, Options()));
        Check(_ml.Vision().ReportSegmentation(images, Options()));
    }

    [Fact]
    public void Classes_come_with_the_column_of_masks()
    {
        IDataView masks = _ml.Data.LoadFromMasks([new(_mask, _mask)], new LoadMasksOptions { Classes = ["background", "road"] });
        IDataView scored = _ml
            .Transforms.CustomMapping((PathRow _, FoundRow found) => found.PredictedMask = Found, contractName: null)
            .Fit(masks)
            .Transform(masks);

        Check(_ml.Vision().ReportSegmentation(scored));
    }

    [Fact]
    public void Outlines_can_be_left_out() =>
        Assert.Equal(
            double.NaN,
            _ml.Vision().ReportSegmentation(Rows(_mask, Found), Options() with { BoundaryTolerance = null }).MeanBoundaryF1
        );

    [Fact]
    public void What_does_not_fit_is_named_with_row_and_pixel()
    {
        VisionOperationsCatalog vision = _ml.Vision();

        Assert.Contains(
            "Row 0: column 'PredictedMask' has 5 pixels, the mask 3 x 2 = 6",
            Assert.Throws<InvalidDataException>(() => vision.ReportSegmentation(Rows(_mask, Found[1..]), Options())).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Row 0, column 'PredictedMask': The prediction has index 9 at x 2, y 1",
            Assert.Throws<InvalidDataException>(() => vision.ReportSegmentation(Rows(_mask, [0, 0, 0, 0, 0, 9]), Options())).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "index 255 at x 2, y 1 is of no class",
            Assert
                .Throws<InvalidImageException>(() => vision.ReportSegmentation(Rows(_mask, Found), Options() with { IgnoredIndex = null }))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "does not say what the classes are",
            Assert.Throws<ArgumentException>(() => vision.ReportSegmentation(Rows(_mask, Found))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Could not find column 'Other'",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    vision.ReportSegmentation(Rows(_mask, Found), Options() with { PredictedMaskColumnName = "Other" })
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "There are no rows",
            Assert
                .Throws<ArgumentException>(() => vision.ReportSegmentation(_ml.Data.LoadFromEnumerable(Array.Empty<ByteRow>()), Options()))
                .Message,
            StringComparison.Ordinal
        );
    }

    // Without the last pixel: background 1 of 3 pixels, road 2 of 4.
    private static void Check(SegmentationReport report)
    {
        Assert.Equal(["background", "road"], report.Classes.Select(c => c.Name));
        Assert.Equal((1, 5, 1), (report.Count, report.Pixels, report.IgnoredPixels));
        Assert.Equal(1 / 3.0, report.Classes[0].IoU, 1e-12);
        Assert.Equal(0.5, report.Classes[1].IoU, 1e-12);
        Assert.Equal(5 / 12.0, report.MeanIoU, 1e-12);
        Assert.Equal(3 / 5.0, report.PixelAccuracy, 1e-12);
        Assert.Equal(((2 * (1 / 3.0)) + (3 * 0.5)) / 5, report.FrequencyWeightedIoU, 1e-12);
        Assert.Equal((2, 3), (report.Classes[0].Support, report.Classes[1].Support));
        Assert.Equal(1, report.Confusion[0, 1]);
        // Background: 1 of 2 and 1 of 2 pixels of outlines; road: 1 of 2 and 1 of 3.
        Assert.Equal((0.5 + 0.4) / 2, report.MeanBoundaryF1, 1e-12);
    }

    private static SegmentationReportOptions Options() => new() { Classes = ["background", "road"] };

    private string Write(string name, byte[] plane)
    {
        using SKData png = ImageEncoder.Encode(plane, 3, 2, jpegQuality: null);
        return _folder.Add(name, png.ToArray());
    }

    private IDataView Rows(string mask, byte[] found) =>
        _ml.Data.LoadFromEnumerable([new ByteRow { MaskPath = mask, PredictedMask = found }]);

    private sealed class PathRow
    {
        public string MaskPath { get; set; } = "";
    }

    private sealed class FoundRow
    {
        public byte[] PredictedMask { get; set; } = [];
    }

    private sealed class ByteRow
    {
        public string MaskPath { get; set; } = "";

        public byte[] PredictedMask { get; set; } = [];
    }

    private sealed class FileRow
    {
        public string MaskPath { get; set; } = "";

        public string PredictedMask { get; set; } = "";
    }

    private sealed class ImageRow
    {
        public string MaskPath { get; set; } = "";

        [ImageType(2, 3)]
        public MLImage PredictedMask { get; set; } = null!;
    }
}
