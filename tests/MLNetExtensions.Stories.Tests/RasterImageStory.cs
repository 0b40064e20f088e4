using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Stories.Tests.Drawing;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Images are augmented and made into a network's input, without ML.NET.</summary>
public sealed class RasterImageStory : IDisposable
{
    private readonly ShapeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_is_read_augmented_and_saved()
    {
        string file = _folder.Write("disc.png", Shape.Png("disc", 1, side: 48));
        RasterImage image = RasterImage.Load(file);
        var flip = new HorizontalFlip { Probability = 1 };

        flip.Apply(image).Save(_folder.File("flipped.png"));

        RasterImage flipped = RasterImage.Load(_folder.File("flipped.png"));
        Assert.Equal((48, 48, 3), (flipped.Width, flipped.Height, flipped.Channels));
        Assert.False(image.Planes.SequenceEqual(flipped.Planes));
        Assert.True(image.Planes.SequenceEqual(flip.Apply(flipped).Planes));
    }

    [Fact]
    public void The_same_seed_epoch_and_row_draw_the_same()
    {
        RasterImage image = RasterImage.Decode(Shape.Png("square", 2));
        Augmentation policy = Augment.Strong();

        byte[] first = policy.Apply(image, seed: 1, epoch: 2, row: 3).Planes.ToArray();

        Assert.Equal(first, policy.Apply(image, seed: 1, epoch: 2, row: 3).Planes.ToArray());
        Assert.NotEqual(first, policy.Apply(image, seed: 1, epoch: 3, row: 3).Planes.ToArray());
    }

    [Fact]
    public void An_image_becomes_a_networks_input()
    {
        var preprocessing = new ImagePreprocessing { Width = 24, Height = 16 };

        float[] input = RasterImage.Decode(Shape.Png("triangle", 3), preprocessing).ToTensor(preprocessing);

        Assert.Equal(3 * 16 * 24, input.Length);
        Assert.InRange(input.Min(), -3, 0);
        Assert.InRange(input.Max(), 0, 3);
    }
}
