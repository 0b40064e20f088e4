using System.Text.Json;
using Microsoft.ML;
using MLNetExtensions.Training.Metrics.Segmentation;
using Xunit;

namespace MLNetExtensions.Reports.Tests;

public sealed class MaskReportTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DrawnMasks _rows = new(16);

    public void Dispose() => _rows.Dispose();

    [Fact]
    public void The_figures_are_those_of_the_text_report()
    {
        SegmentationReport expected = _ml.Vision().ReportSegmentation(_rows.View(_ml));

        (HtmlReport report, JsonElement json) = Write();

        JsonElement figures = json.GetProperty("segmentation");
        Assert.Equal("segmentation", json.GetProperty("task").GetString());
        Assert.Equal(expected.ToString(), report.Segmentation!.ToString());
        Assert.Equal(expected.MeanIoU, figures.GetProperty("meanIoU").GetDouble(), 1e-12);
        Assert.Equal(expected.Confusion[3, 1], figures.GetProperty("confusion")[3][1].GetInt64());
        Assert.Contains(
            figures.GetProperty("confusedPairs").EnumerateArray(),
            pair => pair.GetProperty("actual").GetString() == "triangle" && pair.GetProperty("predicted").GetString() == "circle"
        );
        Assert.Contains("pixels of “triangle”", File.ReadAllText(report.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void The_images_with_most_wrong_pixels_come_first_with_both_masks()
    {
        (HtmlReport report, JsonElement json) = Write(new HtmlReportOptions { WorstRows = 5 });

        double[] wrong =
        [
            .. json.GetProperty("segmentation")
                .GetProperty("worstImages")
                .EnumerateArray()
                .Select(image => image.GetProperty("wrongFraction").GetDouble()),
        ];
        string page = File.ReadAllText(report.Path);
        Assert.Equal(5, wrong.Length);
        Assert.Equal(wrong.OrderDescending(), wrong);
        Assert.Equal(5, report.Images);
        Assert.Equal(5, Count(page, "alt=\"true mask\""));
        Assert.Equal(5, Count(page, "alt=\"predicted mask\""));
        Assert.Equal(10, Count(page, "data:image/png"));
        // Of all images, those of the smallest fractions are the ones that are left out.
        JsonElement all = Write(new HtmlReportOptions { WorstRows = 16 }).Json.GetProperty("segmentation").GetProperty("worstImages");
        Assert.Equal(wrong, all.EnumerateArray().Take(5).Select(image => image.GetProperty("wrongFraction").GetDouble()));
    }

    [Fact]
    public void A_mask_over_an_image_leaves_the_background_as_it_is()
    {
        string image = Path.Combine(_rows.Images, "0001.png"),
            picture = Path.Combine(_rows.Folder, "mask.png");
        using SkiaSharp.SKBitmap before = SkiaSharp.SKBitmap.Decode(image);
        byte[] mask = new byte[before.Width * before.Height];
        mask[(20 * before.Width) + 30] = 1;

        _ml.Vision().DrawMask(image, mask, DrawnMasks.Classes, picture);

        using SkiaSharp.SKBitmap after = SkiaSharp.SKBitmap.Decode(picture);
        Assert.Equal(before.GetPixel(31, 20), after.GetPixel(31, 20));
        Assert.NotEqual(before.GetPixel(30, 20), after.GetPixel(30, 20));
        var error = Assert.Throws<ArgumentException>(() => _ml.Vision().DrawMask(image, mask.AsSpan(1), DrawnMasks.Classes, picture));
        Assert.Contains($"{mask.Length - 1} pixels", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().DrawMask(image, mask, DrawnMasks.Classes, picture, opacity: 2));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private (HtmlReport Report, JsonElement Json) Write(HtmlReportOptions? options = null)
    {
        HtmlReport report = _ml.Vision().WriteReport(_rows.View(_ml), Path.Combine(_rows.Folder, "report.html"), options);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report.JsonPath));
        return (report, json.RootElement.Clone());
    }
}
