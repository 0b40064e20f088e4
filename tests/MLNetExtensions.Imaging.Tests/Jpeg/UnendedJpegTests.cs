using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Jpeg;

public sealed class UnendedJpegTests
{
    [Theory]
    [InlineData(SKJpegEncoderDownsample.Downsample444, 97, 73)]
    [InlineData(SKJpegEncoderDownsample.Downsample420, 97, 73)]
    [InlineData(SKJpegEncoderDownsample.Downsample420, 16, 16)]
    public void A_file_without_its_end_marker_has_all_of_its_pixels(SKJpegEncoderDownsample sampling, int width, int height)
    {
        using SKBitmap bitmap = TestImages.Pattern(width, height);
        using SKPixmap pixels = bitmap.PeekPixels();
        using SKData data = pixels.Encode(new SKJpegEncoderOptions(90, sampling, SKJpegEncoderAlphaOption.Ignore));
        byte[] file = data.ToArray();
        byte[] expected = Decode(file, out bool isUnended);
        Assert.False(isUnended);

        Assert.Equal(expected, Decode(file[..^2], out isUnended));
        Assert.True(isUnended);
        Assert.Equal(expected, Decode(file[..^1], out isUnended));
        Assert.True(isUnended);
    }

    [Fact]
    public void More_than_the_end_marker_missing_is_truncated()
    {
        byte[] file = TestImages.Encode(TestImages.Pattern(64, 40), SKEncodedImageFormat.Jpeg);
        // The last byte of the pixels may hold nothing but padding.
        for (int missing = 4; missing < 60; missing++)
            Assert.Contains("truncated", Assert.Throws<InvalidImageException>(() => Decode(file[..^missing], out _)).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_part_down_to_the_last_row_decodes_too(int reduction)
    {
        byte[] file = TestImages.Encode(TestImages.Pattern(64, 40), SKEncodedImageFormat.Jpeg);
        using SKData data = SKData.CreateCopy(file[..^2]);
        using SKCodec codec = PixelDecoder.Open(data, 100_000, -1, null);

        ReadOnlySpan<byte> planes = new RegionDecoder().Decode(
            data.AsSpan(),
            codec,
            new SKRectI(8, 20, 30, 40),
            reduction,
            -1,
            null,
            out DecodedRegion region
        );

        Assert.Equal(3 * region.Window.Width * region.Window.Height, planes.Length);
        Assert.True(region.Window.Bottom == region.Height);
    }

    private static byte[] Decode(byte[] file, out bool isUnended)
    {
        using SKData data = SKData.CreateCopy(file);
        using SKCodec codec = PixelDecoder.Open(data, 100_000, -1, null);
        var decoder = new PixelDecoder();
        byte[] pixels = decoder.Decode(codec, file, -1, null, out _).ToArray();
        isUnended = decoder.IsUnended;
        return pixels;
    }
}
