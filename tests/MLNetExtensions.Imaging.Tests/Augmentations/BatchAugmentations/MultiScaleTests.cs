using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.BatchAugmentations;

public class MultiScaleTests
{
    [Fact]
    public void Sizes_are_multiples_of_the_stride_and_stay_for_some_steps()
    {
        var scales = new MultiScale();
        (int Width, int Height)[] sizes = [.. Enumerable.Range(0, 400).Select(step => scales.SizeOf(1, 0, step, 640, 320))];
        Assert.All(sizes, size => Assert.Equal((0, 0), (size.Width % 32, size.Height % 32)));
        Assert.All(sizes, size => Assert.InRange(size.Width, 320, 960));
        Assert.All(sizes.Chunk(10), same => Assert.Single(same.Distinct()));
        Assert.True(sizes.Distinct().Count() > 10);
        Assert.NotEqual(sizes, [.. Enumerable.Range(0, 400).Select(step => scales.SizeOf(1, 1, step, 640, 320))]);
    }

    [Fact]
    public void A_side_is_never_below_the_stride() =>
        Assert.Equal((32, 32), new MultiScale { MinFactor = 0.1f, MaxFactor = 0.1f }.SizeOf(1, 0, 0, 64, 64));

    [Fact]
    public void Settings_have_limits()
    {
        var problems = new OptionProblems();
        var wrong = new MultiScale
        {
            MinFactor = 2,
            Stride = 0,
            Steps = 0,
        };
        wrong.Check(SettingChecks.Of(problems, "scales", wrong));
        string message = Assert.Throws<ArgumentOutOfRangeException>(problems.Throw).Message;
        Assert.Contains("MinFactor must be at most MaxFactor", message, StringComparison.Ordinal);
        Assert.Contains("Stride must be 1 to 1024", message, StringComparison.Ordinal);
        Assert.Contains("Steps must be at least 1", message, StringComparison.Ordinal);
    }
}
