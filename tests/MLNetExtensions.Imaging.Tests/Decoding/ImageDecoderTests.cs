using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Decoding;

public class ImageDecoderTests
{
    [Fact]
    public void CropCenter_cuts_the_middle_out_of_each_plane()
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = 2,
            Height = 3,
            CropFraction = 0.5f,
        };
        using var decoder = new ImageDecoder(preprocessing);
        Assert.Equal((4, 6, 1, 1), (decoder.CanvasWidth, decoder.CanvasHeight, preprocessing.CropLeft, preprocessing.CropTop));
        byte[] canvas = [.. Enumerable.Range(0, 72).Select(i => (byte)i)];
        byte[] target = new byte[18];
        decoder.CropCenter(canvas, target);
        Assert.Equal([5, 6, 9, 10, 13, 14, 29, 30, 33, 34, 37, 38, 53, 54, 57, 58, 61, 62], target);
    }

    [Fact]
    public void The_canvas_does_not_keep_the_previous_image()
    {
        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Width = 20,
                Height = 20,
                ResizeMode = ImageResizeMode.Pad,
            }
        );
        byte[] planes = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(TestImages.Encode(TestImages.Pattern(30, 30), SKEncodedImageFormat.Png), planes);
        decoder.DecodeBytes(TestImages.Encode(TestImages.Pattern(60, 6), SKEncodedImageFormat.Png), planes);
        Assert.All(planes.AsSpan(0, 60).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Threads_get_the_same_pixels()
    {
        using var decoder = new ImageDecoder(new ImagePreprocessing { Width = 64, Height = 64 });
        byte[][] files =
        [
            .. Enumerable.Range(0, 16).Select(i => TestImages.Encode(TestImages.Pattern(90 + (7 * i), 150 - i), SKEncodedImageFormat.Jpeg)),
        ];
        byte[][] expected = [.. files.Select(Decode)];
        Parallel.For(
            0,
            128,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => Assert.True(expected[i % files.Length].AsSpan().SequenceEqual(Decode(files[i % files.Length])))
        );

        byte[] Decode(byte[] file)
        {
            byte[] planes = new byte[decoder.CanvasBytes];
            decoder.DecodeBytes(file, planes);
            return planes;
        }
    }

    [Theory]
    [InlineData(32, 32)]
    [InlineData(75, 61)]
    [InlineData(16, 16)]
    [InlineData(9, 40)]
    public void Jpegs_of_the_canvas_size_equal_Skias(int width, int height)
    {
        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Width = width,
                Height = height,
                CropFraction = 1,
            }
        );
        var planes = new byte[decoder.CanvasBytes];
        using SKBitmap drawn = TestImages.Pattern(width, height);
        using SKPixmap pixels = drawn.PeekPixels();
        foreach (SKJpegEncoderDownsample sampling in Enum.GetValues<SKJpegEncoderDownsample>())
            for (int quality = 20; quality <= 100; quality += 40)
            {
                using SKData data = pixels.Encode(new SKJpegEncoderOptions(quality, sampling, SKJpegEncoderAlphaOption.Ignore));
                AssertEqualsSkia(data.ToArray());
            }
        AssertEqualsSkia(TestImages.Encode(TestImages.Gray(width, height), SKEncodedImageFormat.Jpeg));

        void AssertEqualsSkia(byte[] file)
        {
            using SKBitmap expected = SKBitmap.Decode(file, new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
            decoder.DecodeBytes(file, planes);
            var split = new byte[planes.Length];
            PlanarPixels.FromBgra(expected.GetPixelSpan(), split);
            Assert.Equal(split, planes);
            // A file that ends early is bad, whoever reads it; Skia does not mind a missing end marker.
            for (int length = file.Length - 3; length > 0; length -= 1 + (file.Length / 50))
                Assert.Throws<InvalidImageException>(() => decoder.DecodeBytes(file.AsSpan(0, length), new byte[planes.Length]));
        }
    }

    [Fact]
    public void Jpegs_of_the_canvas_size_are_turned_upright()
    {
        using var decoder = new ImageDecoder(
            new ImagePreprocessing
            {
                Width = 48,
                Height = 48,
                CropFraction = 1,
            }
        );
        byte[] file = TestImages.Encode(TestImages.Pattern(48, 48), SKEncodedImageFormat.Jpeg);
        byte[] stored = new byte[decoder.CanvasBytes],
            upright = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(file, stored);

        // Orientation 6: the first stored row is the right column.
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        decoder.DecodeBytes([.. file[..2], .. exif, .. file[2..]], upright);

        for (int y = 0; y < 48; y++)
        for (int x = 0; x < 48; x++)
            Assert.Equal(stored[(y * 48) + x], upright[(x * 48) + 47 - y]);
    }
}
