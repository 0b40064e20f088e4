using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Boxes;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Operations;

public class IouCropTests
{
    private static readonly ImageBox Box = new(120, 90, 200, 150);

    [Fact]
    public void Every_window_shows_the_center_of_a_box()
    {
        int whole = 0;
        for (int row = 0; row < 300; row++)
        {
            AugmentationPlan plan = Draw(row, Box);
            if (plan.Steps.IsEmpty)
            {
                whole++;
                continue;
            }
            Geometry window = plan.FirstGeometry;
            Assert.InRange(160, window.Left, window.Right);
            Assert.InRange(120, window.Top, window.Bottom);
            Assert.InRange((window.Right - window.Left) / (window.Bottom - window.Top), 0.5, 2);
        }
        // One in seven draws, and those that follow overlaps that no window reached.
        Assert.InRange(whole, 300 / 14, 300 / 2);
    }

    [Fact]
    public void The_boxes_are_those_after_the_operations_before()
    {
        for (int row = 0; row < 50; row++)
        {
            var plan = new AugmentationPlan();
            var boxes = new BoxSet();
            boxes.Add(Box);
            plan.Begin(320, 240, 320, 240, boxes);
            plan.FlipHorizontally();
            Assert.Equal(new ImageBox(120, 90, 200, 150), plan.BoxesSoFar()![0]);
            plan.Crop(100, 80, 60, 60);
            Assert.Equal(new ImageBox(20, 10, 60, 60), plan.BoxesSoFar()![0]);
            Assert.Equal(Box, boxes[0]);
        }
    }

    [Fact]
    public void An_image_without_boxes_stays_whole()
    {
        for (int row = 0; row < 20; row++)
            Assert.True(Draw(row).Steps.IsEmpty);
    }

    private static AugmentationPlan Draw(int row, params ImageBox[] boxes)
    {
        var plan = new AugmentationPlan();
        var set = new BoxSet();
        foreach (ImageBox box in boxes)
            set.Add(box);
        plan.Begin(320, 240, 320, 240, set);
        new IouCrop().Draw(DrawKey.For(1, 0, row), plan);
        return plan;
    }
}
