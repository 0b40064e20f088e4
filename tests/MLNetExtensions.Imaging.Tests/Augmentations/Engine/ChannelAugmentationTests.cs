using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Augmentations.Policies;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

/// <summary>Augmentation of gray images and of images with alpha.</summary>
public class ChannelAugmentationTests
{
    private const int Side = 37;

    private static readonly Augmentation[] Geometry =
    [
        new HorizontalFlip(),
        new VerticalFlip(),
        new Rotate(),
        new Affine(),
        new Perspective(),
        new RandomCrop(),
        new RandomResizedCrop(),
        new PadAndCrop(),
        new Shear(),
        new Translate(),
        new Scale(),
        new Elastic(),
        new GridDistortion(),
        new Rotate90(),
    ];

    private static readonly Augmentation[] ColorOperations =
    [
        new Brightness(),
        new Contrast(),
        new Sharpness(),
        new Saturation(),
        new Hue(),
        new ColorJitter(),
        new Grayscale(),
        new AutoContrast(),
        new Equalize(),
        new Posterize(),
        new Solarize(),
        new Invert(),
        new Gamma(),
        new Clahe(),
        new SaltAndPepper(),
        new ChannelShuffle(),
        new JpegArtifacts(),
    ];

    private static readonly Augmentation[] Others =
    [
        new GaussianBlur(),
        new MotionBlur(),
        new CoarseDropout { Fill = 128 },
        new Cutout(),
        new RandAugment(),
        new TrivialAugment(),
        AutoAugment.ImageNet,
        new AugMix(),
    ];

    // Noise is drawn for each plane, so gray gets other noise than the first of three.
    private static readonly Dictionary<string, Augmentation> Policies = Geometry
        .Concat(ColorOperations)
        .Concat(Others)
        .Concat([new GaussianNoise(), new Erasing(), Augment.Strong()])
        .ToDictionary(a => a.GetType().Name);

    public static TheoryData<string> SameForGray => new(Geometry.Concat(ColorOperations).Concat(Others).Select(a => a.GetType().Name));

    public static TheoryData<string> All => new(Policies.Keys);

    public static TheoryData<string> Colors => new(ColorOperations.Select(a => a.GetType().Name).Append(nameof(GaussianNoise)));

    [Theory]
    [MemberData(nameof(SameForGray))]
    public void Gray_is_one_plane_of_three_equal_ones(string policy)
    {
        byte[] gray = Planes(1),
            rgb = [.. gray, .. gray, .. gray];

        for (int epoch = 0; epoch < 4; epoch++)
        {
            byte[] one = Apply(Policies[policy], gray, 1, epoch),
                three = Apply(Policies[policy], rgb, 3, epoch);
            for (int i = 0; i < one.Length; i++)
                // JPEG's colors of gray round to a neighboring level.
                Assert.Equal(three[i], one[i], policy is nameof(JpegArtifacts) or nameof(AugMix) ? 1.0 : 0.0);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Opaque_images_stay_opaque_and_have_the_colors_of_three_channels(string policy)
    {
        byte[] rgb = Planes(3);
        int plane = Side * Side;
        byte[] rgba = [.. rgb, .. Enumerable.Repeat((byte)255, plane)];

        byte[] three = Apply(Policies[policy], rgb, 3, 1),
            four = Apply(Policies[policy], rgba, 4, 1);

        for (int i = 0; i < plane; i++)
        {
            byte alpha = four[(3 * plane) + i];
            // Where the border of a geometry shows, nothing is there.
            for (int c = 0; c < 3; c++)
                if (alpha == 255)
                    Assert.Equal(three[(c * plane) + i], four[(c * plane) + i]);
        }
        Assert.True(four[(3 * plane)..].Count(a => a == 255) > plane / 8);
    }

    [Theory]
    [MemberData(nameof(Colors))]
    public void Color_operations_leave_alpha_alone(string policy)
    {
        byte[] rgba = Planes(4);

        byte[] result = Apply(Policies[policy], rgba, 4, 2);

        Assert.Equal(rgba[(3 * Side * Side)..], result[(3 * Side * Side)..]);
    }

    [Fact]
    public void Geometry_moves_alpha_with_the_colors()
    {
        byte[] rgba = Planes(4);

        byte[] flipped = Apply(new HorizontalFlip { Probability = 1 }, rgba, 4, 0);

        for (int row = 0; row < 4 * Side; row++)
        for (int x = 0; x < Side; x++)
            Assert.Equal(rgba[(row * Side) + x], flipped[(row * Side) + Side - 1 - x]);
    }

    [Fact]
    public void What_covers_is_opaque()
    {
        byte[] rgba = Planes(4);
        rgba.AsSpan(3 * Side * Side).Clear();

        byte[] covered = Apply(new Cutout(), rgba, 4, 0);

        Assert.Contains((byte)255, covered[(3 * Side * Side)..]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Batches_of_any_channels_are_mixed(int channels)
    {
        const int Count = 4,
            Plane = 6 * 5;
        foreach (
            BatchAugmentation batchAugmentation in new BatchAugmentation[]
            {
                new Mixup { Alpha = 1 },
                new CutMix(),
            }
        )
        {
            float[] pixels = [.. Enumerable.Range(0, Count * channels * Plane).Select(i => (float)(i / (channels * Plane)))];
            float[] targets = [.. Enumerable.Range(0, Count * Count).Select(i => i / Count == i % Count ? 1f : 0f)];
            batchAugmentation.Apply(seed: 3, epoch: 0, step: 0, pixels, targets, Count, height: 6, width: 5);

            for (int image = 0; image < Count; image++)
            {
                double mean = pixels.Skip(image * channels * Plane).Take(channels * Plane).Average(p => (double)p);
                Assert.Equal(mean, Enumerable.Range(0, Count).Sum(c => c * (double)targets[(image * Count) + c]), 1e-4);
            }
        }
    }

    private static byte[] Planes(int channels)
    {
        var planes = new byte[channels * Side * Side];
        var random = new Random(channels);
        for (int i = 0; i < planes.Length; i++)
            planes[i] = (byte)((i % Side * 3) + (i / Side % Side * 2) + random.Next(40));
        return planes;
    }

    private static byte[] Apply(Augmentation policy, byte[] planes, int channels, int epoch)
    {
        var augmenter = new ImageAugmenter(policy, Side, Side, Side, Side, seed: 7, channels);
        byte[] result = new byte[augmenter.OutputSize];
        augmenter.Apply(planes, epoch, row: 5, result);
        return result;
    }
}
