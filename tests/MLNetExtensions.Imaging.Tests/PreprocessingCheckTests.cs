using MLNetExtensions.Imaging.Decoding;
using Xunit;

namespace MLNetExtensions.Imaging.Tests;

/// <summary>Values of a preprocessing that no file may have: sizes that no canvas has, numbers that make none.</summary>
public class PreprocessingCheckTests
{
    private static readonly ImagePreprocessing Good = new() { Width = 224, Height = 224 };

    public static TheoryData<ImagePreprocessing, string> Cases =>
        new()
        {
            { Good with { Width = 0 }, "size" },
            { Good with { Height = 16385 }, "size" },
            { Good with { Width = int.MaxValue, Height = int.MaxValue }, "size" },
            { Good with { CropFraction = 0 }, "CropFraction" },
            { Good with { CropFraction = float.NaN }, "CropFraction" },
            { Good with { CropFraction = 1.5f }, "CropFraction" },
            { Good with { CropFraction = 0.0002183f }, "canvas" },
            { Good with { Width = 16384, Height = 16384, CropFraction = 1 }, "canvas" },
            { Good with { Scale = 0 }, "Scale" },
            { Good with { Scale = float.PositiveInfinity }, "Scale" },
            { Good with { Scale = 1e-38f, Mean = [1e30f, 0, 0] }, "Mean" },
            { Good with { Mean = [0, 0] }, "Mean" },
            { Good with { StandardDeviation = [1, 0, 1] }, "StandardDeviation" },
            { Good with { StandardDeviation = [1e-45f, 1, 1], Scale = 1 }, "StandardDeviation" },
            { Good with { Channels = (ImageChannelOrder)99 }, "Channels" },
            { Good with { ResizeMode = (ImageResizeMode)99 }, "ResizeMode" },
            { Good with { Interpolation = (ImageInterpolation)99 }, "Interpolation" },
        };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void A_value_out_of_range_is_named(ImagePreprocessing preprocessing, string named)
    {
        Assert.Contains(named, PreprocessingCheck.Problem(preprocessing), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDecoder(preprocessing));
    }

    [Theory]
    [InlineData(1, 1, 1f)]
    [InlineData(4096, 4096, 1f)]
    [InlineData(16384, 1, 1f)]
    [InlineData(224, 224, 0.875f)]
    public void Sizes_of_networks_are_in_range(int width, int height, float cropFraction) =>
        Assert.Null(PreprocessingCheck.Problem(Good with { Width = width, Height = height, CropFraction = cropFraction }));
}
