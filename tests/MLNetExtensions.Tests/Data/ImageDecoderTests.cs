using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data;

public class ImageDecoderTests
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

    [Fact]
    public void CropCenter_cuts_the_middle_out_of_each_plane()
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = 2,
            Height = 3,
            CropFraction = 0.5f,
        };
        using var decoder = new ImageDecoder(preprocessing);
        Assert.Equal((4, 6, 1, 1), (decoder.CanvasWidth, decoder.CanvasHeight, preprocessing.CropLeft, preprocessing.CropTop));
        byte[] canvas = [.. Enumerable.Range(0, 72).Select(i => (byte)i)];
        byte[] target = new byte[18];
        decoder.CropCenter(canvas, target);
        Assert.Equal([5, 6, 9, 10, 13, 14, 29, 30, 33, 34, 37, 38, 53, 54, 57, 58, 61, 62], target);
    }

    [Fact]
    public void The_canvas_does_not_keep_the_previous_image()
    {
        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Width = 20,
                Height = 20,
                ResizeMode = ImageResizeMode.Pad,
            }
        );
        byte[] planes = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(TestImages.Encode(TestImages.Pattern(30, 30), SKEncodedImageFormat.Png), planes);
        decoder.DecodeBytes(TestImages.Encode(TestImages.Pattern(60, 6), SKEncodedImageFormat.Png), planes);
        Assert.All(planes.AsSpan(0, 60).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Threads_get_the_same_pixels()
    {
        using var decoder = new ImageDecoder(new ImagePreprocessing { Width = 64, Height = 64 });
        byte[][] files =
        [
            .. Enumerable.Range(0, 16).Select(i => TestImages.Encode(TestImages.Pattern(90 + (7 * i), 150 - i), SKEncodedImageFormat.Jpeg)),
        ];
        byte[][] expected = [.. files.Select(Decode)];
        Parallel.For(
            0,
            128,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => Assert.True(expected[i % files.Length].AsSpan().SequenceEqual(Decode(files[i % files.Length])))
        );

        byte[] Decode(byte[] file)
        {
            byte[] planes = new byte[decoder.CanvasBytes];
            decoder.DecodeBytes(file, planes);
            return planes;
        }
    }

    [Theory]
    [InlineData(32, 32)]
    [InlineData(75, 61)]
    [InlineData(16, 16)]
    [InlineData(9, 40)]
    public void Jpegs_of_the_canvas_size_equal_Skias(int width, int height)
    {
        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Width = width,
                Height = height,
                CropFraction = 1,
            }
        );
        var planes = new byte[decoder.CanvasBytes];
        using SKBitmap drawn = TestImages.Pattern(width, height);
        using SKPixmap pixels = drawn.PeekPixels();
        foreach (SKJpegEncoderDownsample sampling in Enum.GetValues<SKJpegEncoderDownsample>())
            for (int quality = 20; quality <= 100; quality += 40)
            {
                using SKData data = pixels.Encode(new SKJpegEncoderOptions(quality, sampling, SKJpegEncoderAlphaOption.Ignore));
                AssertEqualsSkia(data.ToArray());
            }
        AssertEqualsSkia(TestImages.Encode(TestImages.Gray(width, height), SKEncodedImageFormat.Jpeg));

        void AssertEqualsSkia(byte[] file)
        {
            using SKBitmap expected = SKBitmap.Decode(file, new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
            decoder.DecodeBytes(file, planes);
            var split = new byte[planes.Length];
            PlanarPixels.FromBgra(expected.GetPixelSpan(), split);
            Assert.Equal(split, planes);
            // A file that ends early is bad, whoever reads it; Skia does not mind a missing end marker.
            for (int length = file.Length - 3; length > 0; length -= 1 + (file.Length / 50))
                Assert.Throws<InvalidImageException>(() => decoder.DecodeBytes(file.AsSpan(0, length), new byte[planes.Length]));
        }
    }

    [Fact]
    public void Jpegs_of_the_canvas_size_are_turned_upright()
    {
        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Width = 48,
                Height = 48,
                CropFraction = 1,
            }
        );
        byte[] file = TestImages.Encode(TestImages.Pattern(48, 48), SKEncodedImageFormat.Jpeg);
        byte[] stored = new byte[decoder.CanvasBytes],
            upright = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(file, stored);

        // Orientation 6: the first stored row is the right column.
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        decoder.DecodeBytes([.. file[..2], .. exif, .. file[2..]], upright);

        for (int y = 0; y < 48; y++)
        for (int x = 0; x < 48; x++)
            Assert.Equal(stored[(y * 48) + x], upright[(x * 48) + 47 - y]);
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
