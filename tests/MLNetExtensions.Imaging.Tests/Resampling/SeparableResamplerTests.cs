using MLNetExtensions.Imaging.Resampling;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Resampling;

public class SeparableResamplerTests
{
    // Widths below, at and above the vector sizes; enlarging and shrinking; one pixel.
    [Theory]
    [InlineData(1, 1, 5, 7)]
    [InlineData(5, 3, 9, 40)]
    [InlineData(16, 64, 65, 17)]
    [InlineData(200, 90, 33, 64)]
    [InlineData(130, 131, 1, 1)]
    public void An_even_image_stays_even_and_others_agree_with_double_precision(int width, int height, int toWidth, int toHeight)
    {
        byte[] source = new byte[3 * width * height];
        new Random(width).NextBytes(source);
        byte[] actual = new byte[3 * toWidth * toHeight];
        Resize(source, width, height, actual, toWidth, toHeight, ResamplingFilter.Bilinear);
        for (int channel = 0; channel < 3; channel++)
        for (int y = 0; y < toHeight; y++)
        for (int x = 0; x < toWidth; x++)
            Assert.Equal(
                Exact(
                    source,
                    channel,
                    width,
                    height,
                    (x + 0.5) * width / toWidth,
                    (y + 0.5) * height / toHeight,
                    (double)width / toWidth,
                    (double)height / toHeight
                ),
                actual[(((channel * toHeight) + y) * toWidth) + x],
                1.1
            );

        Array.Fill(source, (byte)203);
        Resize(source, width, height, actual, toWidth, toHeight, ResamplingFilter.Bicubic);
        Assert.All(actual, value => Assert.Equal(203, value));
    }

    private static double Exact(
        byte[] source,
        int channel,
        int width,
        int height,
        double centerX,
        double centerY,
        double stepX,
        double stepY
    )
    {
        double sum = 0,
            weights = 0;
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
        {
            double weight =
                Math.Max(0, 1 - (Math.Abs(x + 0.5 - centerX) / Math.Max(1, stepX)))
                * Math.Max(0, 1 - (Math.Abs(y + 0.5 - centerY) / Math.Max(1, stepY)));
            sum += weight * source[(((channel * height) + y) * width) + x];
            weights += weight;
        }
        return sum / weights;
    }

    private static void Resize(byte[] source, int width, int height, byte[] target, int toWidth, int toHeight, ResamplingFilter filter)
    {
        var resampler = new SeparableResampler();
        resampler.X.Set(0, width, toWidth, 0, width, filter);
        resampler.Y.Set(0, height, toHeight, 0, height, filter);
        resampler.Run(source, width, height, target);
    }
}
