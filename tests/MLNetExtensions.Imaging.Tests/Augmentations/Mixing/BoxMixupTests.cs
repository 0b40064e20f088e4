using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Imaging.Boxes;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Mixing;

public class BoxMixupTests
{
    private static readonly ImageSample Wide = DrawnSample.Of(80, 40, 0, (new ImageBox(0, 0, 40, 40), 200)) with { Mask = null };

    private static readonly ImageSample Tall = DrawnSample.Of(40, 80, 100, (new ImageBox(0, 40, 40, 80), 100)) with { Mask = null };

    [Fact]
    public void Both_images_shine_through_and_keep_their_boxes()
    {
        ImageSample mixed = new BoxMixup { Fill = 0 }.Apply(Wide, [Tall], 80, 80, seed: 1);
        Assert.Equal([new ImageBox(0, 20, 40, 60, 200), new ImageBox(20, 40, 60, 80, 100)], mixed.Boxes);
        int one = mixed.Image.Planes[(30 * 80) + 10],
            other = mixed.Image.Planes[(10 * 80) + 30],
            both = mixed.Image.Planes[(30 * 80) + 30];
        Assert.InRange(one, 60, 140);
        Assert.Equal(one + other, both, 1.0);
        Assert.Equal(100 - (one / 2.0), other, 1.0);
        Assert.Equal(0, mixed.Image.Planes[0]);
    }

    [Fact]
    public void Weights_are_drawn_for_each_row() =>
        Assert.True(
            Enumerable
                .Range(0, 20)
                .Select(row => new BoxMixup().Apply(Wide, [Tall], 80, 80, row: row).Image.Planes[0 + (30 * 80)])
                .Distinct()
                .Count() > 5
        );

    [Fact]
    public void Masks_are_refused()
    {
        ImageSample masked = DrawnSample.Of(8, 8, 0);
        Assert.StartsWith(
            "BoxMixup lays images over each other",
            Assert.Throws<ArgumentException>(() => new BoxMixup().Apply(masked, [masked], 8, 8)).Message,
            StringComparison.Ordinal
        );
    }
}
