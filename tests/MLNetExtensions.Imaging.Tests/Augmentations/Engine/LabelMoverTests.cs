using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Boxes;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

public class LabelMoverTests
{
    [Fact]
    public void Mirror_images_are_exact()
    {
        BoxSet boxes = Apply(new HorizontalFlip { Probability = 1 }, 100, 80, new ImageBox(10.25f, 20, 30.5f, 40, Class: 2, IsCrowd: true));
        Assert.Equal(new ImageBox(69.5f, 20, 89.75f, 40, Class: 2, IsCrowd: true), boxes[0]);
        boxes = Apply(new VerticalFlip { Probability = 1 }, 100, 80, new ImageBox(10.25f, 20, 30.5f, 40));
        Assert.Equal(new ImageBox(10.25f, 40, 30.5f, 60), boxes[0]);
    }

    [Fact]
    public void Quarter_turns_are_exact()
    {
        var box = new ImageBox(10, 20, 30, 50);
        ImageBox[] turned = [.. Enumerable.Range(0, 30).Select(row => Apply(new Rotate90(), 80, 80, row, box)[0]).Distinct()];
        Assert.Equal(
            [new ImageBox(10, 20, 30, 50), new ImageBox(20, 50, 50, 70), new ImageBox(30, 10, 60, 30), new ImageBox(50, 30, 70, 60)],
            turned.OrderBy(b => b.Left)
        );
    }

    [Fact]
    public void A_box_that_is_hardly_visible_is_dropped_and_named()
    {
        // The crop shows 40 of the 80 columns, twice as wide: a whole box has 200 square pixels.
        BoxSet boxes = Apply(
            new RandomCrop { Width = 40, Height = 80 }.Then(new Contrast()),
            80,
            80,
            [.. Enumerable.Range(0, 8).Select(i => new ImageBox(10 * i, 10, (10 * i) + 10, 20, Class: i))],
            ImageResizeMode.Stretch
        );
        int[] kept = [.. Enumerable.Range(0, boxes.Count).Select(boxes.OriginOf)];
        Assert.Equal(kept, Enumerable.Range(0, boxes.Count).Select(i => boxes[i].Class));
        Assert.NotEmpty(boxes.Dropped);
        Assert.Equal(Enumerable.Range(0, 8), kept.Concat(boxes.Dropped).Order());
        for (int i = 0; i < boxes.Count; i++)
            Assert.True(boxes[i].Area >= 0.25f * 200 * 0.999f, $"{boxes[i]}");
    }

    [Fact]
    public void A_box_without_area_is_dropped()
    {
        BoxSet boxes = Apply(
            Augment.None(),
            80,
            80,
            new ImageBox(5, 5, 5, 20),
            new ImageBox(float.NaN, 5, 9, 20),
            new ImageBox(1, 1, 2, 2)
        );
        Assert.Equal(new ImageBox(1, 1, 2, 2), boxes[0]);
        Assert.Equal([0, 1], boxes.Dropped.Order());
    }

    [Fact]
    public void What_lay_beyond_the_image_does_not_count_as_hidden()
    {
        BoxSet boxes = Apply(Augment.None(), 80, 80, new ImageBox(-90, 10, 10, 20));
        Assert.Equal(new ImageBox(0, 10, 10, 20), boxes[0]);
    }

    [Fact]
    public void Operations_on_pixels_leave_boxes_and_masks()
    {
        var colors = Augment.Compose(new ColorJitter(), new GaussianBlur(), new Cutout(), new CoarseDropout(), new Erasing());
        byte[] mask = new byte[80 * 80],
            moved = new byte[80 * 80];
        new Random(1).NextBytes(mask);
        var boxes = new BoxSet();
        boxes.Add(new ImageBox(1, 2, 30, 40));
        new LabeledAugmenter(colors, 80, 80, 1).Apply(new byte[3 * 80 * 80], 80, 80, 0, 0, new byte[3 * 80 * 80], boxes, mask, moved);
        Assert.Equal(new ImageBox(1, 2, 30, 40), boxes[0]);
        Assert.Equal(mask, moved);
    }

    [Fact]
    public void Polygons_move_point_by_point()
    {
        var boxes = new BoxSet();
        boxes.Add(
            new ImageBox(10, 10, 40, 40),
            [
                [10, 10, 20, 10, 10, 20],
                [30, 30, 40, 30, 40, 40],
            ]
        );
        var augmenter = new LabeledAugmenter(new HorizontalFlip { Probability = 1 }, 80, 80, 1, channels: 1);
        augmenter.Apply(new byte[80 * 80], 80, 80, 0, 0, new byte[80 * 80], boxes);
        Assert.Equal([70, 10, 60, 10, 70, 20], boxes.PolygonsOf(0)![0]);
        Assert.Equal([50, 30, 40, 30, 40, 40], boxes.PolygonsOf(0)![1]);
        Assert.Equal(new ImageBox(40, 10, 70, 40), boxes[0]);
    }

    // Boxes that no loader lets through, images of one pixel, horizons that come close: no hang, nothing that is not a box of the image.
    [Theory]
    [MemberData(nameof(LabeledAugmenterTests.Names), MemberType = typeof(LabeledAugmenterTests))]
    public void What_is_left_is_always_in_the_image(string name)
    {
        Augmentation policy = GeometricPolicies
            .All[name]
            .Then(new Perspective { Distortion = 0.95f })
            .Then(new Perspective { Distortion = 0.95f })
            .Then(new Elastic { Displacement = 30, Smoothness = 4 });
        var random = new Random(4);
        foreach ((int width, int height) in new[] { (1, 1), (1, 90), (300, 2), (64, 64) })
            for (int row = 0; row < 5; row++)
            {
                var boxes = new BoxSet();
                foreach (float edge in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, 1e30f, -5, 0 })
                    boxes.Add(new ImageBox(edge, 0, (float)(random.NextDouble() * width), height));
                boxes.Add(
                    new ImageBox(0, 0, width, height),
                    [
                        [],
                        [1],
                        [float.NaN, 0, 4, 4, 0, 4],
                        [0, 0, width, 0, width, height],
                    ]
                );
                int added = boxes.Count;
                var augmenter = new LabeledAugmenter(policy, 48, 40, seed: 1, channels: 1);
                augmenter.Apply(new byte[width * height], width, height, 0, row, new byte[augmenter.OutputSize], boxes);
                Assert.Equal(added, boxes.Count + boxes.Dropped.Count);
                for (int i = 0; i < boxes.Count; i++)
                {
                    Assert.InRange(boxes[i].Left, -1e-3f, boxes[i].Right);
                    Assert.InRange(boxes[i].Top, -1e-3f, boxes[i].Bottom);
                    Assert.InRange(boxes[i].Right, 0, 48.001f);
                    Assert.InRange(boxes[i].Bottom, 0, 40.001f);
                }
            }
    }

    [Fact]
    public void Nothing_is_allocated_in_steady_state()
    {
        Augmentation policy = Augment.Compose(new Affine { MaxDegrees = 30 }, new Elastic(), new HorizontalFlip());
        var augmenter = new LabeledAugmenter(policy, 64, 64, 1);
        byte[] pixels = new byte[3 * 90 * 70],
            mask = new byte[90 * 70],
            target = new byte[augmenter.OutputSize],
            maskTarget = new byte[64 * 64];
        var boxes = new BoxSet();
        long row = 0;
        void Work()
        {
            boxes.Clear();
            for (int i = 0; i < 5; i++)
                boxes.Add(new ImageBox(i * 10, 20, (i * 10) + 30, 60));
            augmenter.Apply(pixels, 90, 70, 0, row++ % 4, target, boxes, mask, maskTarget);
        }
        for (int i = 0; i < 20; i++)
            Work();
        Assert.Equal(0, SteadyAllocation.Of(Work));
    }

    private static BoxSet Apply(Augmentation policy, int width, int height, params ImageBox[] boxes) =>
        Apply(policy, width, height, boxes, ImageResizeMode.Pad);

    private static BoxSet Apply(Augmentation policy, int width, int height, long row, ImageBox box) =>
        Apply(policy, width, height, [box], ImageResizeMode.Pad, row);

    private static BoxSet Apply(Augmentation policy, int width, int height, ImageBox[] boxes, ImageResizeMode fit, long row = 0)
    {
        var set = new BoxSet();
        foreach (ImageBox box in boxes)
            set.Add(box);
        var augmenter = new LabeledAugmenter(policy, width, height, seed: 1) { Fit = fit };
        augmenter.Apply(new byte[3 * width * height], width, height, 0, row, new byte[augmenter.OutputSize], set);
        return set;
    }
}
