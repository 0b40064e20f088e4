using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations;

public sealed class AugmentationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0, 0, ImageChannelOrder.Rgb, ImageResizeMode.CropCenter)]
    [InlineData(-5, 3, 7, ImageChannelOrder.Bgr, ImageResizeMode.Stretch)]
    [InlineData(11, 2, 400, ImageChannelOrder.Gray, ImageResizeMode.Pad)]
    [InlineData(11, 2, 400, ImageChannelOrder.Rgba, ImageResizeMode.CropCenter)]
    public void The_pixels_are_those_of_training(int seed, long epoch, long row, ImageChannelOrder channels, ImageResizeMode mode)
    {
        string photo = _folder.Add("photo.jpg", DrawnPhoto.Encode(3, 200, 150));
        var preprocessing = new ImagePreprocessing
        {
            Width = 48,
            Height = 40,
            Channels = channels,
            ResizeMode = mode,
        };
        Augmentation policy = Augment.Strong().Then(new Erasing());

        using var decoder = new ImageDecoder(preprocessing);
        var canvas = new byte[decoder.CanvasBytes];
        decoder.DecodeFile(photo, canvas);
        var augmenter = new ImageAugmenter(policy, preprocessing, (ulong)seed);
        var expected = new byte[augmenter.OutputSize];
        augmenter.Apply(canvas, epoch, row, expected);

        RasterImage image = policy.Apply(RasterImage.Load(photo, preprocessing), preprocessing, seed, epoch, row);
        Assert.Equal((48, 40, preprocessing.ChannelCount), (image.Width, image.Height, image.Channels));
        Assert.Equal(expected, image.Planes);
        Assert.Equal(
            expected,
            policy.Apply(RasterImage.Decode(File.ReadAllBytes(photo), preprocessing), preprocessing, seed, epoch, row).Planes
        );
    }

    [Fact]
    public void An_image_keeps_its_size_and_stays_as_it_is()
    {
        RasterImage image = RasterImage.Decode(DrawnPhoto.Encode(1, 90, 60));
        byte[] before = image.Planes.ToArray();
        RasterImage augmented = Augment.Strong().Apply(image, seed: 1);
        Assert.Equal((90, 60, 3), (augmented.Width, augmented.Height, augmented.Channels));
        Assert.Equal(before, image.Planes);
        Assert.NotEqual(before, augmented.Planes.ToArray());
        Assert.Equal(before, Augment.None().Apply(image).Planes);
    }

    [Fact]
    public void Seed_epoch_and_row_each_draw_anew_and_the_same_draw_the_same()
    {
        RasterImage image = RasterImage.Decode(DrawnPhoto.Encode(1, 64, 64));
        Augmentation policy = Augment.Standard();
        byte[][] drawn = [Draw(0, 0, 0), Draw(1, 0, 0), Draw(0, 1, 0), Draw(0, 0, 1)];
        for (int i = 0; i < drawn.Length; i++)
        for (int j = 0; j < i; j++)
            Assert.NotEqual(drawn[j], drawn[i]);
        Assert.Equal(drawn[1], Draw(1, 0, 0));

        byte[] Draw(int seed, long epoch, long row) => policy.Apply(image, seed, epoch, row).Planes.ToArray();
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        var image = new RasterImage(4, 4, 3, new byte[48]);
        Augmentation wrong = Augment.Compose(new HorizontalFlip(), new CenterCrop { Fraction = 2 });
        Assert.Contains(
            "Steps[1].CenterCrop.Fraction",
            Assert.Throws<ArgumentOutOfRangeException>(() => wrong.Apply(image)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => Augment.None().Apply(image, epoch: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Augment.None().Apply(image, row: -1));
        Assert.Contains(
            "4 x 4",
            Assert.Throws<ArgumentException>(() => Augment.None().Apply(image, new ImagePreprocessing { Width = 32, Height = 32 })).Message,
            StringComparison.Ordinal
        );
    }
}
