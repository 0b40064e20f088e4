using MLNetExtensions.Augmentations;
using MLNetExtensions.Augmentations.Engine;
using MLNetExtensions.Augmentations.Operations;
using Xunit;

namespace MLNetExtensions.Tests.Augmentations.Operations;

/// <summary>Each operation, its draw fixed, against Pillow's picture.</summary>
public class GoldenOperationTests
{
    // Name, operation, what was drawn, and by how many grey levels it may differ.
    public static TheoryData<string, Augmentation, float[], int> Colours { get; } = new()
    {
        { "brightness_1.4", new Brightness(), [1.4f], 0 },
        { "brightness_0.6", new Brightness(), [0.6f], 0 },
        { "contrast_1.5", new Contrast(), [1.5f], 0 },
        { "saturation_0.3", new Saturation(), [0.3f], 1 },
        { "saturation_1.8", new Saturation(), [1.8f], 1 },
        { "hue_0.1", new Hue(), [0.1f], 1 },
        { "grayscale", new Grayscale(), [], 0 },
        { "invert", new Invert(), [], 0 },
        { "solarize_128", new Solarize(), [128], 0 },
        { "posterize_3", new Posterize(), [3], 0 },
        { "equalize", new Equalize(), [], 0 },
        { "autocontrast", new AutoContrast(), [], 0 },
        { "sharpness_2", new Sharpness(), [2], 1 },
        { "gaussian_blur_r2", new GaussianBlur(), [2], 2 },
    };

    [Theory]
    [MemberData(nameof(Colours))]
    public void Colours_agree_with_Pillow(string name, Augmentation operation, float[] drawn, int tolerance)
    {
        using var golden = new GoldenPictures();
        byte[] actual = golden.Apply(plan => plan.Add((IPixelOperation)operation, default, drawn));
        int difference = GoldenPictures.MaxDifference(golden.Planes(name).Pixels, actual);
        Assert.True(difference <= tolerance, $"differs by {difference}");
    }

    [Fact]
    public void Shear_agrees_with_Pillow()
    {
        using var golden = new GoldenPictures();
        byte[] actual = golden.Apply(plan => plan.Transform(new Homography(1, 0.2, 0, 0, 1, 0)));
        double difference = GoldenPictures.MeanDifference(
            golden.Planes("affine_shear_x0.2_bilinear").Pixels, actual, GoldenPictures.Width, GoldenPictures.Height, 0);
        Assert.True(difference < 0.5, $"differs by {difference} on average");
    }

    [Theory]
    [InlineData(15, "rotate_15_bilinear")]
    [InlineData(90, "rotate_90")]
    public void Rotate_agrees_with_Pillow(float degrees, string name)
    {
        using var golden = new GoldenPictures();
        (byte[] expected, int width, int height) = golden.Planes(name);
        byte[] actual = golden.Apply(plan =>
        {
            if (degrees == 90)
                plan.Rotate90(1);
            else
                new Rotate { MinDegrees = degrees, MaxDegrees = degrees }.Draw(default, plan);
        });
        Assert.Equal(expected.Length, actual.Length);
        double difference = GoldenPictures.MeanDifference(expected, actual, width, height, 0);
        Assert.True(difference < 0.5, $"differs by {difference} on average");
    }
}
