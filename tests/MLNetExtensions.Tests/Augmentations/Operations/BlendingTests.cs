using MLNetExtensions.Augmentations;
using MLNetExtensions.Augmentations.Operations;
using Xunit;

namespace MLNetExtensions.Tests.Augmentations.Operations;

public class BlendingTests
{
    public static TheoryData<string, Augmentation> Cases { get; } = new()
    {
        { "brightness_1.4", new Brightness { MinFactor = 1.4f, MaxFactor = 1.4f } },
        { "brightness_0.6", new Brightness { MinFactor = 0.6f, MaxFactor = 0.6f } },
        { "contrast_1.5", new Contrast { MinFactor = 1.5f, MaxFactor = 1.5f } },
        { "saturation_0.3", new Saturation { MinFactor = 0.3f, MaxFactor = 0.3f } },
        { "saturation_1.8", new Saturation { MinFactor = 1.8f, MaxFactor = 1.8f } },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees_with_Pillow(string name, Augmentation operation)
    {
        using var golden = new GoldenPictures();
        int difference = GoldenPictures.MaxDifference(golden.Planes(name).Pixels, golden.Apply(operation));
        Assert.True(difference <= 1, $"differs by {difference}");
    }
}
