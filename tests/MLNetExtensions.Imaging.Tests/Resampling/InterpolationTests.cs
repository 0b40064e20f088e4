using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Imaging.Resampling;
using MLNetExtensions.Imaging.Tests.Augmentations;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Resampling;

/// <summary>Pillow's filters, in whole images, crops and padding.</summary>
public sealed class InterpolationTests
{
    [Theory]
    [InlineData(ImageInterpolation.Bilinear, "resize_48x48_bilinear_antialias")]
    [InlineData(ImageInterpolation.Bicubic, "resize_48x48_bicubic_antialias")]
    public void Stretched_images_are_Pillows(ImageInterpolation interpolation, string golden)
    {
        using var file = new GoldenImages();
        (byte[] expected, int width, int height) = file.Planes(golden);
        byte[] actual = Decode(
            Png(file.Planes("source").Pixels, GoldenImages.Width, GoldenImages.Height),
            new()
            {
                Width = width,
                Height = height,
                ResizeMode = ImageResizeMode.Stretch,
                Interpolation = interpolation,
            }
        );
        Assert.InRange(GoldenImages.MaxDifference(expected, actual), 0, 1);
    }

    // torchvision: Resize(20) makes 61 x 43 to 28 x 20, CenterCrop(20) begins at 4; 43 x 61 to 20 x 28.
    [Theory]
    [InlineData(61, 43, 28, 20, 4, 0)]
    [InlineData(43, 61, 20, 28, 0, 4)]
    [InlineData(40, 40, 20, 20, 0, 0)]
    [InlineData(7, 5, 28, 20, 4, 0)]
    public void The_center_crop_is_that_of_the_resized_whole(int width, int height, int toWidth, int toHeight, int left, int top)
    {
        byte[] planes = Planes(width, height);
        byte[] whole = new byte[3 * toWidth * toHeight],
            expected = new byte[3 * 20 * 20];
        Resampled(planes, width, height, whole, toWidth, toHeight);
        PlanarPixels.Crop(whole, toWidth, left, top, expected, 20, 20);
        Assert.Equal(
            expected,
            Decode(
                Png(planes, width, height),
                new()
                {
                    Width = 20,
                    Height = 20,
                    CropFraction = 1,
                    Interpolation = ImageInterpolation.Bicubic,
                }
            )
        );
    }

    [Fact]
    public void Padding_keeps_the_whole_image_between_black()
    {
        byte[] planes = Planes(60, 20),
            whole = new byte[3 * 30 * 10];
        Resampled(planes, 60, 20, whole, 30, 10);
        byte[] actual = Decode(
            Png(planes, 60, 20),
            new()
            {
                Width = 30,
                Height = 16,
                ResizeMode = ImageResizeMode.Pad,
                Interpolation = ImageInterpolation.Bicubic,
            }
        );
        for (int channel = 0; channel < 3; channel++)
        for (int y = 0; y < 16; y++)
            Assert.Equal(
                y is < 3 or >= 13 ? new byte[30] : whole[(((channel * 10) + y - 3) * 30)..(((channel * 10) + y - 2) * 30)],
                actual[(((channel * 16) + y) * 30)..(((channel * 16) + y + 1) * 30)]
            );
    }

    // docs/limits.md states what was measured on real photos; drawn ones are no finer.
    [Fact]
    public void ResizeImages_is_a_few_gray_levels_away()
    {
        double difference = Enumerable
            .Range(0, 8)
            .Average(i =>
            {
                byte[] file = DrawnPhoto.Encode(i, 640 - (20 * i), 480 - (15 * i));
                var preprocessing = new ImagePreprocessing
                {
                    Width = 224,
                    Height = 224,
                    CropFraction = 1,
                };
                return Decode(file, preprocessing)
                    .Zip(Decode(file, preprocessing with { Interpolation = ImageInterpolation.Bicubic }))
                    .Average(pair => Math.Abs(pair.First - pair.Second));
            });
        Assert.InRange(difference, 1, 6);
    }

    private static byte[] Decode(byte[] file, ImagePreprocessing preprocessing)
    {
        using var decoder = new ImageDecoder(preprocessing);
        byte[] canvas = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(file, canvas);
        return canvas;
    }

    private static void Resampled(byte[] planes, int width, int height, byte[] target, int toWidth, int toHeight)
    {
        var resampler = new SeparableResampler();
        resampler.X.Set(0, width, toWidth, 0, width, ResamplingFilter.Bicubic);
        resampler.Y.Set(0, height, toHeight, 0, height, ResamplingFilter.Bicubic);
        resampler.Run(planes, width, height, target);
    }

    private static byte[] Planes(int width, int height)
    {
        byte[] planes = new byte[3 * width * height];
        using SKBitmap bitmap = TestImages.Pattern(width, height);
        PlanarPixels.FromBgra(bitmap.GetPixelSpan(), planes);
        return planes;
    }

    private static byte[] Png(byte[] planes, int width, int height)
    {
        using SKData encoded = ImageEncoder.Encode(planes, width, height, jpegQuality: null);
        return encoded.ToArray();
    }
}
