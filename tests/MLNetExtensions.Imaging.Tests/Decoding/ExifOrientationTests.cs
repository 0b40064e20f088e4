using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Decoding;

public class ExifOrientationTests
{
    // Stored 3 x 2:  1 2 3
    //                4 5 6
    [Theory]
    [InlineData(1, 3, new uint[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(2, 3, new uint[] { 3, 2, 1, 6, 5, 4 })]
    [InlineData(3, 3, new uint[] { 6, 5, 4, 3, 2, 1 })]
    [InlineData(4, 3, new uint[] { 4, 5, 6, 1, 2, 3 })]
    [InlineData(5, 2, new uint[] { 1, 4, 2, 5, 3, 6 })]
    [InlineData(6, 2, new uint[] { 4, 1, 5, 2, 6, 3 })]
    [InlineData(7, 2, new uint[] { 6, 3, 5, 2, 4, 1 })]
    [InlineData(8, 2, new uint[] { 3, 6, 2, 5, 1, 4 })]
    public void Apply_moves_every_pixel_where_the_tag_says(int orientation, int uprightWidth, uint[] expected)
    {
        var origin = (SKEncodedOrigin)orientation;
        uint[] upright = new uint[6];
        ExifOrientation.Apply(origin, [1, 2, 3, 4, 5, 6], 3, 2, upright);
        Assert.Equal(expected, upright);
        Assert.Equal(uprightWidth == 2, ExifOrientation.SwapsSides(origin));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Apply_works_over_several_tiles(int orientation)
    {
        const int width = 70,
            height = 45;
        uint[] stored = [.. Enumerable.Range(0, width * height).Select(i => (uint)i)];
        uint[] once = new uint[stored.Length];
        ExifOrientation.Apply((SKEncodedOrigin)orientation, stored, width, height, once);
        uint[] back = new uint[stored.Length];
        int inverse = orientation switch
        {
            6 => 8,
            8 => 6,
            _ => orientation,
        };
        ExifOrientation.Apply((SKEncodedOrigin)inverse, once, height, width, back);
        Assert.NotEqual(stored, once);
        Assert.Equal(stored, back);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_jpeg_with_an_orientation_decodes_upright(int orientation)
    {
        using var golden = new Npz(GoldenFiles.PathOf("image_ops.npz"));
        byte[] upright = golden.Bytes($"exif/{orientation}/upright");
        int[] shape = golden.Shape($"exif/{orientation}/upright");
        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Height = shape[0],
                Width = shape[1],
                CropFraction = 1,
            }
        );
        byte[] planes = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(golden.Bytes($"exif/{orientation}/jpeg"), planes);

        // Two JPEG decoders may round differently; an image laid out wrongly is far off.
        int pixels = shape[0] * shape[1];
        for (int i = 0; i < pixels; i++)
        for (int channel = 0; channel < 3; channel++)
            Assert.InRange(planes[(channel * pixels) + i] - upright[(i * 3) + channel], -3, 3);
    }
}
