using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.BatchAugmentations;

public class BatchAugmentationTests
{
    private const int Count = 7,
        Height = 6,
        Width = 8,
        Classes = Count;

    // Every image is one value of its own and of its own class: what a mixed one is made of can be read off both.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pixels_and_targets_are_mixed_by_the_same_shares(bool isMixup)
    {
        BatchAugmentation batchAugmentation = isMixup ? new Mixup { Alpha = 1 } : new CutMix();
        int changed = 0;
        for (int step = 0; step < 50; step++)
        {
            (float[] pixels, float[] targets) = Batch();
            batchAugmentation.Apply(seed: 1, epoch: 0, step, pixels, targets, Count, Height, Width);
            for (int i = 0; i < Count; i++)
            {
                float[] target = targets[(i * Classes)..((i + 1) * Classes)],
                    image = pixels[(i * 3 * Height * Width)..((i + 1) * 3 * Height * Width)];
                Assert.Equal(1, target.Sum(), 1e-5);
                Assert.True(target.Count(share => share > 0) <= 2);
                Assert.Equal(target.Select((share, c) => share * c).Sum(), image.Average(), 1e-4);
                changed += target.Max() < 0.999f ? 1 : 0;
            }
        }
        Assert.True(changed > 50 * Count / 2);
    }

    [Fact]
    public void Draws_are_keyed_by_step()
    {
        float[] First(int step)
        {
            (float[] pixels, float[] targets) = Batch();
            new Mixup { Alpha = 1 }.Apply(1, 0, step, pixels, targets, Count, Height, Width);
            return pixels;
        }
        Assert.Equal(First(3), First(3));
        Assert.NotEqual(First(3), First(4));
    }

    [Fact]
    public void Probability_and_single_images_leave_batches_alone()
    {
        (float[] pixels, float[] targets) = Batch();
        float[] before = [.. pixels];
        new Mixup { Probability = 0 }.Apply(1, 0, 0, pixels, targets, Count, Height, Width);
        new CutMix().Apply(1, 0, 0, pixels.AsSpan(0, 3 * Height * Width), targets.AsSpan(0, Classes), 1, Height, Width);
        Assert.Equal(before, pixels);
    }

    private static (float[] Pixels, float[] Targets) Batch()
    {
        float[] pixels = new float[Count * 3 * Height * Width],
            targets = new float[Count * Classes];
        for (int i = 0; i < Count; i++)
        {
            Array.Fill(pixels, i, i * 3 * Height * Width, 3 * Height * Width);
            targets[(i * Classes) + i] = 1;
        }
        return (pixels, targets);
    }
}
