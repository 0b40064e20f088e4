using MLNetExtensions.Imaging.Pixels;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Pixels;

public class PlanarPixelsTests
{
    // Below, at and above one vector of 16.
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(35)]
    public void FromBgra_and_FromRgba_split_channels(int pixels)
    {
        byte[] packed = new byte[4 * pixels];
        new Random(pixels).NextBytes(packed);
        byte[] fromBgra = new byte[3 * pixels],
            fromRgba = new byte[3 * pixels];
        PlanarPixels.FromBgra(packed, fromBgra);
        PlanarPixels.FromRgba(packed, fromRgba);
        for (int i = 0; i < pixels; i++)
        for (int channel = 0; channel < 3; channel++)
        {
            Assert.Equal(packed[(4 * i) + 2 - channel], fromBgra[(channel * pixels) + i]);
            Assert.Equal(packed[(4 * i) + channel], fromRgba[(channel * pixels) + i]);
        }
    }

    [Fact]
    public void ToSingle_and_back_keep_every_byte()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256 + 7).Select(i => (byte)i)];
        float[] floats = new float[bytes.Length];
        PlanarPixels.ToSingle(bytes, floats);
        Assert.Equal(bytes.Select(b => (float)b), floats);
        byte[] back = new byte[bytes.Length];
        Assert.True(PlanarPixels.TryFromSingle(floats, back));
        Assert.Equal(bytes, back);
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(-1f)]
    [InlineData(256f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void TryFromSingle_refuses_what_is_no_byte(float value) => Assert.False(PlanarPixels.TryFromSingle([1, value], new byte[2]));
}
