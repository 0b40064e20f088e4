using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Mixing;

public class SampleMixingTests
{
    public static TheoryData<SampleMixing> All => [new Mosaic(), new CopyPaste()];

    private static ImageSample Sample { get; } = DrawnSample.Of(64, 48, 10, (new ImageBox(10, 10, 40, 30), 201));

    [Theory]
    [MemberData(nameof(All))]
    public void A_plan_names_rows_by_seed_epoch_and_row(SampleMixing mixing)
    {
        var mixer = new SampleMixer(mixing, 64, 64, seed: 5);
        long[][] rows = [.. Enumerable.Range(0, 200).Select(row => mixer.Plan(epoch: 2, row, count: 30).Rows.ToArray())];
        Assert.All(rows, row => Assert.Equal(mixing.Others, row.Length));
        Assert.Equal(30, rows.SelectMany(row => row).Distinct().Count());
        Assert.InRange(rows.Min(row => row.Min()), 0, 29);
        Assert.Equal(rows[7], new SampleMixer(mixing, 64, 64, seed: 5).Plan(2, 7, 30).Rows);
        Assert.NotEqual(rows, [.. Enumerable.Range(0, 200).Select(row => mixer.Plan(epoch: 3, row, count: 30).Rows.ToArray())]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_same_draw_gives_the_same_sample(SampleMixing mixing)
    {
        ImageSample[] others = [.. Enumerable.Repeat(Sample, mixing.Others)];
        ImageSample one = mixing.Apply(Sample, others, 50, 50, seed: 1, epoch: 2, row: 3),
            other = mixing.Apply(Sample, others, 50, 50, seed: 1, epoch: 2, row: 3);
        Assert.Equal(one.Image.Planes.ToArray(), other.Image.Planes.ToArray());
        Assert.Equal(one.Boxes, other.Boxes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Images_of_all_channels_are_mixed(int channels)
    {
        byte[] pixels = new byte[channels * 20 * 10];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = i < 200 * Math.Min(3, channels) ? (byte)(50 * (1 + (i / 200))) : (byte)255;
        var sample = new ImageSample(new RasterImage(20, 10, channels, pixels)) { Boxes = [new ImageBox(2, 2, 9, 9)] };
        ImageSample mosaic = new Mosaic { Fill = 0 }.Apply(sample, [sample, sample, sample], 30, 30, seed: 1),
            pasted = new CopyPaste { ObjectProbability = 1 }.Apply(sample, [sample], 30, 30, seed: 1);
        for (int channel = 0; channel < channels; channel++)
        {
            byte level = channel == 3 ? (byte)255 : (byte)(50 * (1 + channel));
            ReadOnlySpan<byte> plane = mosaic.Image.Planes.Slice(channel * 900, 900);
            Assert.Equal(900, plane.Count(level) + plane.Count((byte)0));
            Assert.Equal(200, pasted.Image.Planes.Slice(channel * 200, 200).Count(level));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Samples_that_do_not_go_together_are_refused(SampleMixing mixing)
    {
        ImageSample colored = new(new RasterImage(8, 8, 3, new byte[3 * 64])),
            bare = Sample with { Mask = null },
            wrong = Sample with { Mask = new RasterImage(3, 3, 1, new byte[9]) };
        string Message(ImageSample sample, ImageSample other) =>
            Assert.Throws<ArgumentException>(() => mixing.Apply(sample, [.. Enumerable.Repeat(other, mixing.Others)], 32, 32)).Message;
        Assert.StartsWith("An image of 3 channels cannot be mixed with one of 1.", Message(bare, colored), StringComparison.Ordinal);
        Assert.StartsWith("Samples with a mask cannot", Message(Sample, bare), StringComparison.Ordinal);
        Assert.StartsWith("Samples with a mask cannot", Message(bare, Sample), StringComparison.Ordinal);
        Assert.StartsWith("The mask is 3 x 3 pixels, 1 channel. Expected", Message(wrong, Sample), StringComparison.Ordinal);
        Assert.StartsWith(
            $"{mixing.GetType().Name} mixes a sample with {mixing.Others} others, but there are 0.",
            Assert.Throws<ArgumentException>(() => mixing.Apply(Sample, [], 32, 32)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_settings_out_of_range_are_named()
    {
        var wrong = new Mosaic
        {
            Probability = 2,
            MinCenter = 0.9f,
            MinScale = 0,
        };
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => wrong.Apply(Sample, [Sample, Sample, Sample], 32, 32)).Message;
        Assert.Contains("mixing.Mosaic.Probability must be 0 to 1, not 2.", message, StringComparison.Ordinal);
        Assert.Contains("mixing.Mosaic.MinCenter must be at most MaxCenter, 0.75, not 0.9.", message, StringComparison.Ordinal);
        Assert.Contains("mixing.Mosaic.MinScale must be 0.05 to 20, not 0.", message, StringComparison.Ordinal);
        message = Assert
            .Throws<ArgumentOutOfRangeException>(() => new CopyPaste { MaxObjects = 256 }.Apply(Sample, [Sample], 32, 32))
            .Message;
        Assert.Contains("mixing.CopyPaste.MaxObjects must be 1 to 255, not 256.", message, StringComparison.Ordinal);
    }
}
