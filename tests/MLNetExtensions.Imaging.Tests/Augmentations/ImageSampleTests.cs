using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Tests.Augmentations.Mixing;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations;

public class ImageSampleTests
{
    private static readonly ImageSample Sample = DrawnSample.Of(
        120,
        80,
        10,
        (new ImageBox(10, 10, 50, 60), 201),
        (new ImageBox(70, 20, 110, 50), 202)
    );

    public static TheoryData<string> Policies => ["detection", "segmentation"];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Ready_policies_take_boxes_and_masks_along(string name)
    {
        Augmentation policy = name == "detection" ? Augment.ForDetection() : Augment.ForSegmentation();
        int seen = 0;
        for (int row = 0; row < 40; row++)
        {
            ImageSample augmented = policy.Apply(Sample, 96, 96, seed: 1, row: row);
            Assert.Equal((96, 96, 1), (augmented.Image.Width, augmented.Image.Height, augmented.Image.Channels));
            foreach (ImageBox box in augmented.Boxes)
            {
                seen++;
                ImageBox drawn = DrawnSample.BoxOf(augmented, (byte)box.Class)!.Value;
                Assert.True(DrawnSample.IsNear(drawn, box), $"row {row}: drawn {drawn}, box {box}");
            }
        }
        Assert.True(seen > 40, $"only {seen} boxes are left");
    }

    [Fact]
    public void A_letterboxed_sample_keeps_its_aspect()
    {
        ImageSample letterboxed = Augment.None().Apply(Sample, 60, 60);
        Assert.Equal(new ImageBox(5, 15, 25, 40, 201), letterboxed.Boxes[0]);
        Assert.Equal((114, 255), (letterboxed.Image.Planes[0], letterboxed.Mask!.Planes[0]));
    }

    [Fact]
    public void Boxes_that_are_hardly_visible_stay_if_asked()
    {
        var crop = new RandomCrop { Width = 40, Height = 80 };
        int[] Counts(float visibility) =>
            [.. Enumerable.Range(0, 30).Select(row => crop.Apply(Sample, 40, 80, row: row, minimumVisibility: visibility).Boxes.Count)];
        Assert.True(Counts(0).Sum() > Counts(0.9f).Sum());
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Augmentation policy = Augment.None();
        ImageSample wrong = Sample with { Mask = new RasterImage(120, 80, 3, new byte[3 * 120 * 80]) };
        Assert.StartsWith(
            "The mask is 120 x 80 pixels, 3 channels. Expected one channel and the image's 120 x 80 pixels.",
            Assert.Throws<ArgumentException>(() => policy.Apply(wrong, 32, 32)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.Apply(Sample, 0, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.Apply(Sample, 32, 32, epoch: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.Apply(Sample, 32, 32, minimumVisibility: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Scale { MinFactor = -1 }.Apply(Sample, 32, 32));
    }
}
