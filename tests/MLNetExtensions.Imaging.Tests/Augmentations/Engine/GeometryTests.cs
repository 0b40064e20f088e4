using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

public class GeometryTests
{
    [Fact]
    public void A_flip_after_a_resized_crop_is_its_mirror_image()
    {
        using var golden = new GoldenImages();
        byte[] Crop(bool flip) =>
            golden.Apply(plan =>
            {
                plan.Crop(12, 9, 60, 45);
                plan.Resize(32, 32);
                if (flip)
                    plan.FlipHorizontally();
                Assert.Equal(1, plan.Steps.Length);
            });
        byte[] expected = [.. Crop(false).Chunk(32).SelectMany(row => row.Reverse())];
        Assert.True(GoldenImages.MaxDifference(expected, Crop(true)) <= 1);
    }

    [Theory]
    [InlineData(BorderMode.Constant)]
    [InlineData(BorderMode.Reflect)]
    [InlineData(BorderMode.Edge)]
    public void Shifts_beyond_the_edge_agree_with_padding(BorderMode border)
    {
        const int width = 20,
            height = 9,
            left = -7,
            top = -5;
        byte[] source = new byte[3 * width * height];
        new Random(1).NextBytes(source);
        foreach (bool mirrored in new[] { false, true })
        {
            var geometry = new Geometry(width, height);
            if (mirrored)
                geometry.FlipHorizontally();
            Assert.True(geometry.TryCrop(left, top, 31, 17, border, 9));
            byte[] actual = new byte[3 * 31 * 17];
            new GeometryResampler().Run(geometry, source, actual);
            for (int channel = 0; channel < 3; channel++)
            for (int y = 0; y < 17; y++)
            for (int x = 0; x < 31; x++)
            {
                int sourceX = x + left,
                    sourceY = y + top;
                bool isInside = sourceX is >= 0 and < width && sourceY is >= 0 and < height;
                (sourceX, sourceY) =
                    border == BorderMode.Reflect
                        ? (Mirror(sourceX, width), Mirror(sourceY, height))
                        : (Math.Clamp(sourceX, 0, width - 1), Math.Clamp(sourceY, 0, height - 1));
                if (mirrored)
                    sourceX = width - 1 - sourceX;
                byte expected =
                    isInside || border != BorderMode.Constant ? source[(((channel * height) + sourceY) * width) + sourceX] : (byte)9;
                Assert.Equal(expected, actual[(((channel * 17) + y) * 31) + x]);
            }
        }

        static int Mirror(int i, int count) =>
            i < 0 ? -i
            : i >= count ? (2 * count) - 2 - i
            : i;
    }

    [Fact]
    public void A_turn_after_a_crop_fills_what_was_cropped_away()
    {
        byte[] white = new byte[3 * 40 * 40];
        Array.Fill(white, (byte)255);
        var plan = new AugmentationPlan();
        plan.Begin(40, 40, 20, 20);
        plan.Crop(10, 10, 20, 20);
        plan.Transform(Homography.About(10, 10, Math.Sqrt(0.5), -Math.Sqrt(0.5), Math.Sqrt(0.5), Math.Sqrt(0.5)));
        Assert.Equal(1, plan.Steps.Length);
        ReadOnlySpan<byte> turned = new WorkingImage().Run(plan, white, 40, 40);
        Assert.Equal(0, turned[0]);
        Assert.Equal(255, turned[(10 * 20) + 10]);
    }

    [Fact]
    public void A_crop_of_a_turned_image_hides_what_lies_around_it()
    {
        var geometry = new Geometry(40, 40);
        Assert.True(geometry.TryTransform(Homography.About(20, 20, 0.8, -0.6, 0.6, 0.8), BorderMode.Constant, 0));
        Assert.True(geometry.TryCrop(10, 10, 20, 20, BorderMode.Constant, 0));
        geometry.FlipHorizontally();
        geometry.Resize(10, 10);
        Assert.False(geometry.TryTransform(Homography.Translation(3, 0), BorderMode.Constant, 0));
    }

    // An image of fine stripes must become even gray when it is turned and made smaller, not other stripes.
    [Fact]
    public void Turning_and_shrinking_does_not_alias()
    {
        const int size = 120;
        byte[] stripes = new byte[3 * size * size];
        for (int i = 0; i < stripes.Length; i++)
            stripes[i] = (byte)(i % 2 * 255);
        var plan = new AugmentationPlan();
        plan.Begin(size, size, 40, 40);
        plan.Transform(Homography.About(60, 60, 0.9, -0.1, 0.1, 0.9));
        plan.Resize(40, 40);
        ReadOnlySpan<byte> small = new WorkingImage().Run(plan, stripes, size, size);
        int min = 255,
            max = 0;
        for (int y = 5; y < 35; y++)
        for (int x = 5; x < 35; x++)
            (min, max) = (Math.Min(min, small[(y * 40) + x]), Math.Max(max, small[(y * 40) + x]));
        Assert.True(max - min < 80, $"gray levels from {min} to {max}");
    }
}
