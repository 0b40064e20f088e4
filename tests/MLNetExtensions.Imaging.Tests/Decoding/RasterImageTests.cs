using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Decoding;

public sealed class RasterImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, ".png")]
    [InlineData(3, ".png")]
    [InlineData(4, ".png")]
    [InlineData(3, ".webp")]
    [InlineData(4, ".webp")]
    public void What_is_saved_is_read_again(int channels, string extension)
    {
        RasterImage image = Noise(37, 21, channels);
        string path = Path.Combine(_folder.Path, "image" + extension);
        image.Save(path, quality: 100);
        RasterImage read = RasterImage.Load(path, channels);
        Assert.Equal((37, 21, channels), (read.Width, read.Height, read.Channels));
        Assert.Equal(image.Planes, read.Planes);
        Assert.Equal(image.Planes, RasterImage.Decode(File.ReadAllBytes(path), channels).Planes);
    }

    [Theory]
    [InlineData("image.jpg")]
    [InlineData("image.JPEG")]
    public void Jpeg_is_close_to_the_image_and_smaller_of_less_quality(string name)
    {
        RasterImage image = RasterImage.Decode(TestImages.Encode(TestImages.Gray(64, 48), SKEncodedImageFormat.Png));
        string path = Path.Combine(_folder.Path, name);
        image.Save(path, quality: 100);
        RasterImage read = RasterImage.Load(path);
        for (int i = 0; i < read.Planes.Length; i++)
            Assert.InRange(read.Planes[i] - image.Planes[i], -4, 4);
        Assert.True(image.Encode(ImageFileFormat.Jpeg, 20).Length < image.Encode(ImageFileFormat.Jpeg).Length);
    }

    [Fact]
    public void Planes_are_red_green_and_blue()
    {
        using var bitmap = new SKBitmap(2, 1);
        bitmap.SetPixel(0, 0, new SKColor(10, 20, 30));
        bitmap.SetPixel(1, 0, new SKColor(40, 50, 60));
        using SKData file = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Assert.Equal([10, 40, 20, 50, 30, 60], RasterImage.Decode(file.Span).Planes.ToArray());
    }

    [Fact]
    public void Images_keep_their_own_copy_of_the_pixels()
    {
        byte[] planes = [1, 2, 3, 4];
        var image = new RasterImage(2, 2, 1, planes);
        planes[0] = 9;
        Assert.Equal([1, 2, 3, 4], image.Planes.ToArray());
    }

    [Fact]
    public void A_tensor_has_the_networks_size_order_and_arithmetic()
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = 3,
            Height = 2,
            CropFraction = 0.5f,
            Channels = ImageChannelOrder.Bgr,
            Scale = 0.5f,
            Mean = [1, 2, 3],
            StandardDeviation = [2, 4, 8],
        };
        RasterImage canvas = Noise(6, 4, 3);
        float[] first = canvas.ToTensor(preprocessing),
            last = canvas.ToTensor(preprocessing with { ChannelsLast = true });
        for (int channel = 0; channel < 3; channel++)
        for (int y = 0; y < 2; y++)
        for (int x = 0; x < 3; x++)
        {
            float value = canvas.Planes[((2 - channel) * 24) + ((y + 1) * 6) + x + 1];
            float expected = ((value * 0.5f) - (channel + 1)) / (2 << channel);
            Assert.Equal(expected, first[(channel * 6) + (y * 3) + x]);
            Assert.Equal(expected, last[(((y * 3) + x) * 3) + channel]);
        }
    }

    [Fact]
    public void An_image_of_the_networks_size_is_taken_whole()
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = 5,
            Height = 4,
            Channels = ImageChannelOrder.Gray,
            Scale = 1,
            Mean = [0],
            StandardDeviation = [1],
        };
        RasterImage image = Noise(5, 4, 1);
        Assert.Equal(image.Planes.ToArray().Select(b => (float)b), image.ToTensor(preprocessing));
    }

    [Fact]
    public void An_image_that_was_not_read_for_the_network_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Noise(50, 40, 3).ToTensor(new ImagePreprocessing { Width = 7, Height = 7 }));
        Assert.Contains("50 x 40", error.Message, StringComparison.Ordinal);
        Assert.Contains("8 x 8", error.Message, StringComparison.Ordinal);
        Assert.Contains("Load(path, preprocessing)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_name_the_file_and_what_to_do()
    {
        string broken = _folder.Add("broken.png", [1, 2, 3]);
        InvalidImageException error = Assert.Throws<InvalidImageException>(() => RasterImage.Load(broken));
        Assert.Equal(broken, error.Path);
        Assert.DoesNotContain("MaxInvalidImages", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            ".webp",
            Assert.Throws<ArgumentException>(() => Noise(2, 2, 3).Save(Path.Combine(_folder.Path, "image.tiff"))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "alpha",
            Assert.Throws<ArgumentException>(() => Noise(2, 2, 4).Encode(ImageFileFormat.Jpeg)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => Noise(2, 2, 3).Encode(ImageFileFormat.Jpeg, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RasterImage.Load(broken, channels: 2));
        Assert.Contains(
            "12 bytes",
            Assert.Throws<ArgumentException>(() => new RasterImage(2, 2, 3, new byte[5])).Message,
            StringComparison.Ordinal
        );
    }

    private static RasterImage Noise(int width, int height, int channels)
    {
        var planes = new byte[width * height * channels];
        new Random(1).NextBytes(planes);
        // What is fully transparent has no color that could be read again; half transparent colors lose digits.
        if (channels == 4)
            planes.AsSpan(3 * width * height).Fill(255);
        return new RasterImage(width, height, channels, planes);
    }
}
