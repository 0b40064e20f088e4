using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data;

/// <summary>Decoded pixels are those of ML.NET's LoadImages, ResizeImages and ExtractPixels.</summary>
public class PixelsOfMLNetTests
{
    private static readonly MLContext Ml = new(seed: 1);

    /// <summary>Width, height, mode: canvases smaller, larger and of another shape than the images.</summary>
    public static TheoryData<int, int, ImageResizeMode> Canvases =>
        new()
        {
            { 224, 224, ImageResizeMode.CropCenter },
            { 32, 32, ImageResizeMode.CropCenter },
            { 331, 97, ImageResizeMode.CropCenter },
            { 90, 700, ImageResizeMode.CropCenter },
            { 224, 224, ImageResizeMode.Pad },
            { 331, 97, ImageResizeMode.Pad },
            { 800, 900, ImageResizeMode.Pad },
            { 224, 224, ImageResizeMode.Stretch },
            { 331, 97, ImageResizeMode.Stretch },
        };

    [Theory]
    [MemberData(nameof(Canvases))]
    public void Drawn_images_equal_MLNets_resize_and_extract(int width, int height, ImageResizeMode mode)
    {
        using var folder = new TemporaryFolder();
        AssertEqualsMLNet(
            [
                folder.Add("wide.jpg", TestImages.Encode(TestImages.Pattern(301, 211), SKEncodedImageFormat.Jpeg)),
                folder.Add("high.png", TestImages.Encode(TestImages.Pattern(97, 255), SKEncodedImageFormat.Png)),
                folder.Add("alpha.png", TestImages.Encode(TestImages.Pattern(120, 121, hasAlpha: true), SKEncodedImageFormat.Png)),
                folder.Add("same.png", TestImages.Encode(TestImages.Pattern(224, 224, hasAlpha: true), SKEncodedImageFormat.Png)),
                folder.Add("gray.jpg", TestImages.Encode(TestImages.Gray(200, 133), SKEncodedImageFormat.Jpeg)),
                folder.Add("gray.png", TestImages.Encode(TestImages.Gray(64, 65), SKEncodedImageFormat.Png)),
                folder.Add("lossy.webp", TestImages.Encode(TestImages.Pattern(150, 80), SKEncodedImageFormat.Webp)),
                folder.Add("one.png", TestImages.Encode(TestImages.Pattern(1, 1), SKEncodedImageFormat.Png)),
                folder.Add("line.png", TestImages.Encode(TestImages.Pattern(500, 1), SKEncodedImageFormat.Png)),
            ],
            width,
            height,
            mode
        );
    }

    [Theory]
    [MemberData(nameof(Canvases))]
    public void Photos_equal_MLNets_resize_and_extract(int width, int height, ImageResizeMode mode)
    {
        using var folder = new TemporaryFolder();
        AssertEqualsMLNet(
            [
                .. PhotoFiles.All(),
                folder.Add("large.jpg", DrawnPhoto.Encode(1, 640, 427)),
                folder.Add("high.jpg", DrawnPhoto.Encode(2, 333, 500)),
                folder.Add("large.png", DrawnPhoto.Encode(3, 475, 640, SKEncodedImageFormat.Png)),
            ],
            width,
            height,
            mode
        );
    }

    // What is beside the part that reaches the canvas is not decoded: it must not show, whatever the image before has left there.
    [Theory]
    [MemberData(nameof(Canvases))]
    public void Jpegs_of_many_shapes_equal_MLNets_resize_and_extract(int width, int height, ImageResizeMode mode)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(7);
        AssertEqualsMLNet(
            [
                .. Enumerable
                    .Range(0, 12)
                    .Select(i =>
                        folder.Add(
                            $"{i}.jpg",
                            TestImages.Encode(TestImages.Pattern(random.Next(16, 900), random.Next(16, 900)), SKEncodedImageFormat.Jpeg)
                        )
                    ),
            ],
            width,
            height,
            mode
        );
    }

    [Fact]
    public void Rgba_images_equal_bgra_images()
    {
        using var decoder = new ImageDecoder(new ImagePreprocessing { Width = 40, Height = 30 });
        using SKBitmap bitmap = TestImages.Pattern(123, 77, hasAlpha: true);
        byte[] bgra = bitmap.GetPixelSpan().ToArray();
        byte[] rgba = [.. bgra];
        for (int i = 0; i < rgba.Length; i += 4)
            (rgba[i], rgba[i + 2]) = (rgba[i + 2], rgba[i]);
        byte[] fromBgra = new byte[decoder.CanvasBytes],
            fromRgba = new byte[decoder.CanvasBytes];
        using (var image = MLImage.CreateFromPixels(123, 77, MLPixelFormat.Bgra32, bgra))
            decoder.Resize(image, fromBgra);
        using (var image = MLImage.CreateFromPixels(123, 77, MLPixelFormat.Rgba32, rgba))
            decoder.Resize(image, fromRgba);
        Assert.Equal(fromBgra, fromRgba);
        Assert.True(fromBgra.Distinct().Count() > 50);
    }

    private static void AssertEqualsMLNet(string[] paths, int width, int height, ImageResizeMode mode)
    {
        ImageResizingEstimator.ResizingKind kind = mode switch
        {
            ImageResizeMode.Pad => ImageResizingEstimator.ResizingKind.IsoPad,
            ImageResizeMode.Stretch => ImageResizingEstimator.ResizingKind.Fill,
            _ => ImageResizingEstimator.ResizingKind.IsoCrop,
        };
        IDataView rows = Ml.Data.LoadFromEnumerable(paths.Select(path => new PathRow { Path = path }));
        IDataView pixels = Ml
            .Transforms.LoadImages("Image", "", "Path")
            .Append(Ml.Transforms.ResizeImages("Resized", width, height, "Image", kind))
            .Append(Ml.Transforms.ExtractPixels("Pixels", "Resized"))
            .Fit(rows)
            .Transform(rows);
        float[][] expected = [.. pixels.GetColumn<float[]>("Pixels")];

        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Width = width,
                Height = height,
                ResizeMode = mode,
                CropFraction = 1,
            }
        );
        byte[] planes = new byte[decoder.CanvasBytes];
        for (int i = 0; i < paths.Length; i++)
        {
            decoder.DecodeFile(paths[i], planes);
            float[] values = new float[planes.Length];
            PlanarPixels.ToSingle(planes, values);
            AssertSame(expected[i], values, paths[i]);

            using var image = MLImage.CreateFromFile(paths[i]);
            decoder.Resize(image, planes);
            PlanarPixels.ToSingle(planes, values);
            AssertSame(expected[i], values, paths[i] + " as an MLImage");
        }
    }

    private static void AssertSame(float[] expected, float[] values, string what)
    {
        if (expected.AsSpan().SequenceEqual(values))
            return;
        int differing = expected.Zip(values).Count(pair => pair.First != pair.Second);
        float most = expected.Zip(values).Max(pair => Math.Abs(pair.First - pair.Second));
        Assert.Fail($"{what}: {differing} of {expected.Length} values differ, by up to {most}");
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }
}
