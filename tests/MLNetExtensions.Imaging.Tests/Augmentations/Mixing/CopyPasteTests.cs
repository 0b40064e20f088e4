using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Imaging.Boxes;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Mixing;

public class CopyPasteTests
{
    private static readonly ImageSample Own = DrawnSample.Of(
        100,
        80,
        10,
        (new ImageBox(10, 10, 30, 30), 201),
        (new ImageBox(60, 40, 90, 70), 202)
    );

    private static readonly ImageSample Donor = DrawnSample.Of(
        200,
        160,
        20,
        (new ImageBox(20, 20, 80, 60), 211),
        (new ImageBox(120, 80, 160, 150), 212)
    );

    [Fact]
    public void Pasted_boxes_are_where_the_objects_are()
    {
        int pasted = 0;
        for (int row = 0; row < 60; row++)
        {
            ImageSample mixed = new CopyPaste().Apply(Own, [Donor], 64, 64, seed: 1, row: row);
            Assert.Equal((100, 80), (mixed.Image.Width, mixed.Image.Height));
            foreach (ImageBox box in mixed.Boxes.Where(box => box.Class > 210))
            {
                pasted++;
                // The newest object lies on top; older ones may be covered in part.
                ImageBox drawn = DrawnSample.BoxOf(mixed, (byte)box.Class)!.Value;
                Assert.True(box.Class != mixed.Boxes[^1].Class || DrawnSample.IsNear(drawn, box), $"row {row}: drawn {drawn}, box {box}");
            }
            Assert.Contains(mixed.Boxes, box => box.Class is 201 or 202);
        }
        Assert.InRange(pasted, 30, 90);
    }

    [Fact]
    public void Hidden_objects_are_dropped_and_visible_ones_stay()
    {
        for (int row = 0; row < 60; row++)
        {
            ImageSample mixed = new CopyPaste { MinScale = 1, MaxScale = 2 }.Apply(Own, [Donor], 64, 64, seed: 2, row: row);
            foreach ((ImageBox box, byte level) in new[] { (Own.Boxes[0], (byte)201), (Own.Boxes[1], (byte)202) })
            {
                float visible = mixed.Mask!.Planes.Count(level) / box.Area;
                Assert.Equal(visible >= 0.25f, mixed.Boxes.Any(b => b.Class == level));
            }
        }
    }

    [Fact]
    public void An_outline_pastes_no_ground()
    {
        ImageSample triangle = DrawnSample.Of(40, 40, 33, (new ImageBox(0, 0, 40, 40), 211)) with
        {
            Polygons =
            [
                [
                    [0, 0, 40, 0, 0, 40],
                ],
            ],
        };
        ImageSample mixed = new CopyPaste
        {
            ObjectProbability = 1,
            MinScale = 0.5f,
            MaxScale = 0.5f,
        }.Apply(DrawnSample.Of(40, 40, 10), [triangle], 64, 64);
        Assert.InRange(mixed.Image.Planes.Count((byte)211), 180, 220);
        Assert.InRange(mixed.Mask!.Planes.Count((byte)211), 180, 220);
        Assert.True(DrawnSample.IsNear(DrawnSample.BoxOf(mixed, 211)!.Value, Assert.Single(mixed.Boxes)));
    }

    [Fact]
    public void Crowds_are_not_pasted()
    {
        ImageSample crowd = Donor with { Boxes = [Donor.Boxes[0] with { IsCrowd = true }] };
        Assert.Same(Own, new CopyPaste { ObjectProbability = 1 }.Apply(Own, [crowd], 64, 64));
    }
}
