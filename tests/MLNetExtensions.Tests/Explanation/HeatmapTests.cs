using System.Text.Json;
using MLNetExtensions.Explanation;
using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Explanation;

public class HeatmapTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("tuning", "explain_tiny_cnn.json").GetProperty("gradcam");

    [Fact]
    public void Maps_are_normalized_and_enlarged_as_the_golden_ones()
    {
        float[] normalized = Heatmap.Normalize(Golden.GetProperty("relu").Singles());

        AssertClose(Golden.GetProperty("normalized").Singles(), normalized);
        AssertClose(Golden.GetProperty("normalized_upsampled_12").Singles(), MapPlacement.Resize(normalized, 6, 6, 12, 12));
    }

    [Fact]
    public void A_map_without_anything_is_empty_and_zero()
    {
        var map = new Heatmap(2, 1, [0, -1], new byte[6]);

        Assert.True(map.IsEmpty);
        Assert.Equal([0, 0], map.Normalize());
    }

    [Fact]
    public void Overlays_leave_the_image_where_nothing_is_and_are_red_where_most_is()
    {
        byte[] pixels = HeatColors.Overlay([10, 20, 30, 40, 50, 60], [0, 1], opacity: 1);

        Assert.Equal([10, 30, 50, 255, 255, 0, 0, 255], pixels);
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    public void Opacity_is_a_fraction(float opacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Heatmap(1, 1, [1], new byte[3]).ToOverlay(opacity));

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f);
    }
}
