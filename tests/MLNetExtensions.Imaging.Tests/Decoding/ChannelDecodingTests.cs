using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Decoding;

/// <summary>Gray images and images with alpha, from files to canvases.</summary>
public class ChannelDecodingTests
{
    private static readonly ImagePreprocessing Rgb = new()
    {
        Width = 20,
        Height = 16,
        CropFraction = 1,
    };

    public static TheoryData<ImageResizeMode, ImageInterpolation, SKEncodedImageFormat, int> Files =>
        new(
            from mode in Enum.GetValues<ImageResizeMode>()
            from interpolation in Enum.GetValues<ImageInterpolation>()
            from format in new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg }
            from side in new[] { 16, 41 }
            select (mode, interpolation, format, side)
        );

    [Theory]
    [MemberData(nameof(Files))]
    public void Gray_is_the_luma_of_the_resized_colors(
        ImageResizeMode mode,
        ImageInterpolation interpolation,
        SKEncodedImageFormat format,
        int side
    )
    {
        byte[] file = TestImages.Encode(TestImages.Pattern(side + 4, side), format);
        ImagePreprocessing colors = Rgb with { ResizeMode = mode, Interpolation = interpolation };

        byte[] rgb = Decode(colors, file),
            gray = Decode(colors with { Channels = ImageChannelOrder.Gray }, file);

        Assert.Equal(rgb.Length, 3 * gray.Length);
        for (int i = 0; i < gray.Length; i++)
            Assert.Equal((byte)Luma.Of(rgb[i], rgb[gray.Length + i], rgb[(2 * gray.Length) + i]), gray[i]);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    public void A_gray_file_is_its_levels(SKEncodedImageFormat format)
    {
        byte[] file = TestImages.Encode(TestImages.Gray(20, 16), format);
        using SKBitmap decoded = SKBitmap.Decode(file);

        byte[] gray = Decode(Rgb with { Channels = ImageChannelOrder.Gray }, file);

        for (int i = 0; i < gray.Length; i++)
            Assert.Equal(decoded.GetPixel(i % 20, i / 20).Red, gray[i]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Alpha_is_opaque_where_a_file_has_none(
        ImageResizeMode mode,
        ImageInterpolation interpolation,
        SKEncodedImageFormat format,
        int side
    )
    {
        byte[] file = TestImages.Encode(TestImages.Pattern(side + 4, side), format);
        ImagePreprocessing colors = Rgb with { ResizeMode = mode, Interpolation = interpolation };

        byte[] rgb = Decode(colors, file),
            rgba = Decode(colors with { Channels = ImageChannelOrder.Rgba }, file);

        Assert.Equal(rgb, rgba[..rgb.Length]);
        // What is filled up beside the image is transparent.
        bool isFilledUp = mode == ImageResizeMode.Pad && side == 41;
        Assert.All(rgba[rgb.Length..], (alpha, i) => Assert.True(alpha == 255 || (isFilledUp && alpha == 0), $"{alpha} at {i}"));
    }

    [Fact]
    public void Colors_are_divided_by_alpha()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(20, 16, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (int y = 0; y < 16; y++)
        for (int x = 0; x < 20; x++)
            bitmap.SetPixel(x, y, new SKColor((byte)(x * 12), 200, (byte)(y * 15), (byte)(x * 13)));
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        byte[] rgba = Decode(Rgb with { Channels = ImageChannelOrder.Rgba }, png.ToArray());

        for (int i = 0; i < 320; i++)
        {
            (int x, int y) = (i % 20, i / 20);
            Assert.Equal(x * 13, rgba[960 + i]);
            // As exactly as a product with alpha in eight bits keeps it.
            double step = x == 0 ? 255 : (128.0 / (x * 13)) + 0.5;
            Assert.Equal(x * 12, rgba[i], step);
            Assert.Equal(200, rgba[320 + i], step);
            Assert.Equal(y * 15, rgba[640 + i], step);
        }
    }

    [Theory]
    [InlineData(ImageInterpolation.Standard)]
    [InlineData(ImageInterpolation.Bilinear)]
    public void Transparent_colors_do_not_bleed(ImageInterpolation interpolation)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(80, 64, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (int y = 0; y < 64; y++)
        for (int x = 0; x < 80; x++)
            bitmap.SetPixel(x, y, (x + y) % 2 == 0 ? new SKColor(200, 100, 50, 255) : new SKColor(0, 255, 255, 0));
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        byte[] rgba = Decode(Rgb with { Channels = ImageChannelOrder.Rgba, Interpolation = interpolation }, png.ToArray());

        Assert.All(rgba[960..], alpha => Assert.InRange(alpha, 90, 165));
        Assert.All(rgba[..320], red => Assert.Equal(200, red, 2.0));
        Assert.All(rgba[320..640], green => Assert.Equal(100, green, 2.0));
    }

    [Fact]
    public void Caches_of_other_channels_are_others()
    {
        using var folder = new TemporaryFolder();
        using DecodedImageCache colors = DecodedImageCache.Open(folder.Path, Rgb)!,
            gray = DecodedImageCache.Open(folder.Path, Rgb with { Channels = ImageChannelOrder.Gray })!;

        Assert.NotEqual(colors.Path, gray.Path);
    }

    private static byte[] Decode(ImagePreprocessing preprocessing, byte[] file)
    {
        using var decoder = new ImageDecoder(preprocessing);
        byte[] planes = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(file, planes);
        return planes;
    }
}
