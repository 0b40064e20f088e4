using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Imaging.Boxes;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Mixing;

public class MosaicTests
{
    private static readonly ImageSample[] Four =
    [
        DrawnSample.Of(90, 60, 10, (new ImageBox(50, 30, 85, 55), 201)),
        DrawnSample.Of(60, 90, 20, (new ImageBox(5, 50, 40, 85), 202)),
        DrawnSample.Of(120, 120, 30, (new ImageBox(60, 10, 110, 60), 203)),
        DrawnSample.Of(50, 40, 40, (new ImageBox(0, 0, 50, 40), 204)),
    ];

    [Fact]
    public void Boxes_are_where_the_objects_are()
    {
        int seen = 0;
        for (int row = 0; row < 50; row++)
        {
            ImageSample mosaic = new Mosaic { MinimumVisibility = 0 }.Apply(Four[0], Four[1..], 100, 80, seed: 1, row: row);
            Assert.Equal((100, 80), (mosaic.Image.Width, mosaic.Image.Height));
            for (byte level = 201; level <= 204; level++)
            {
                ImageBox[] boxes = [.. mosaic.Boxes.Where(box => box.Class == level)];
                if (DrawnSample.BoxOf(mosaic, level) is not { } drawn)
                {
                    Assert.All(boxes, box => Assert.True(Math.Min(box.Width, box.Height) <= 1, $"{box}"));
                    continue;
                }
                seen++;
                Assert.True(DrawnSample.IsNear(drawn, Assert.Single(boxes)), $"row {row}: drawn {drawn}, box {boxes[0]}");
            }
        }
        Assert.True(seen > 150, $"only {seen} objects are visible");
    }

    [Fact]
    public void The_four_images_lie_around_one_point()
    {
        ImageSample mosaic = new Mosaic
        {
            MinScale = 2,
            MaxScale = 2,
            MinimumVisibility = 0,
        }.Apply(Four[0], Four[1..], 80, 80, seed: 3);
        int Quarter(byte ground, byte level) => mosaic.Mask!.Planes.Count(ground) + mosaic.Mask!.Planes.Count(level);
        int upperLeft = Quarter(10, 201),
            upperRight = Quarter(20, 202),
            lowerLeft = Quarter(30, 203),
            lowerRight = Quarter(40, 204);
        Assert.Equal(80 * 80, upperLeft + upperRight + lowerLeft + lowerRight);
        // Areas of quarters around a point are products of two sides.
        Assert.Equal((long)upperLeft * lowerRight, (long)upperRight * lowerLeft);
    }

    [Fact]
    public void What_no_image_covers_is_filled_and_ignored()
    {
        ImageSample mosaic = new Mosaic { MinScale = 0.2f, MaxScale = 0.2f }.Apply(Four[0], Four[1..], 100, 100, seed: 3);
        Assert.Equal(114, mosaic.Image.Planes[0]);
        Assert.Equal(255, mosaic.Mask!.Planes[0]);
        Assert.Equal(114, mosaic.Image.Planes[^1]);
    }

    [Fact]
    public void A_fraction_of_the_samples_is_mixed()
    {
        var half = new Mosaic { Probability = 0.5f };
        int mixed = Enumerable.Range(0, 200).Count(row => !ReferenceEquals(Four[0], half.Apply(Four[0], Four[1..], 64, 64, row: row)));
        Assert.InRange(mixed, 70, 130);
    }
}
