using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Decoding;

public sealed class RegionDecoderTests
{
    // Kinds that Skia decodes: where rows were missing, it wrote far beyond the part.
    [Theory]
    [InlineData("440.jpg")]
    [InlineData("progressive.jpg")]
    public void A_part_of_a_truncated_file_is_refused_as_the_whole_is(string name)
    {
        byte[] file = File.ReadAllBytes(PhotoFiles.All(".jpg").Single(f => Path.GetFileName(f) == name));
        foreach (int reduction in (int[])[1, 2])
            Assert.Contains(
                "truncated",
                Assert.Throws<InvalidImageException>(() => Decode(file[..^40], new SKRectI(3, 2, 11, 60), reduction, out _)).Reason
            );
    }

    [Fact]
    public void Parts_that_Skia_decodes_have_the_pixels_of_the_whole()
    {
        foreach (string path in PhotoFiles.All(".jpg"))
        {
            byte[] file = File.ReadAllBytes(path);
            using SKBitmap whole = SKBitmap.Decode(file);
            for (int i = 0; i < 40; i++)
            {
                var random = new Random(i);
                (int left, int top) = (random.Next(whole.Width), random.Next(whole.Height));
                var wanted = new SKRectI(left, top, left + 1 + random.Next(whole.Width - left), top + 1 + random.Next(whole.Height - top));
                byte[] planes = Decode(file, wanted, reduction: 1, out DecodedRegion region);
                SKRectI window = region.Window;
                for (int y = top; y < wanted.Bottom; y++)
                for (int x = left; x < wanted.Right; x++)
                {
                    int at = ((y - window.Top) * window.Width) + x - window.Left,
                        plane = window.Width * window.Height;
                    SKColor expected = whole.GetPixel(x, y);
                    Assert.Equal((expected.Red, expected.Green, expected.Blue), (planes[at], planes[plane + at], planes[(2 * plane) + at]));
                }
            }
        }
    }

    private static byte[] Decode(byte[] file, SKRectI wanted, int reduction, out DecodedRegion region)
    {
        using SKData data = SKData.CreateCopy(file);
        using SKCodec codec = PixelDecoder.Open(data, 100_000, -1, null);
        return new RegionDecoder().Decode(data.AsSpan(), codec, wanted, reduction, -1, null, out region).ToArray();
    }
}
