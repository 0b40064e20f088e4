using MLNetExtensions.Imaging.Jpeg;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Jpeg;

[NeedsAvx2]
public class JpegRegionDecoderTests
{
    // 4:4:4, 4:2:2 and 4:2:0; sizes of whole and of broken MCUs.
    public static TheoryData<SKJpegEncoderDownsample, int, int, int> Drawn { get; } =
        new()
        {
            { SKJpegEncoderDownsample.Downsample444, 97, 73, 90 },
            { SKJpegEncoderDownsample.Downsample422, 97, 73, 90 },
            { SKJpegEncoderDownsample.Downsample420, 97, 73, 90 },
            { SKJpegEncoderDownsample.Downsample420, 64, 48, 100 },
            { SKJpegEncoderDownsample.Downsample420, 16, 16, 30 },
            { SKJpegEncoderDownsample.Downsample420, 333, 17, 5 },
        };

    [Theory]
    [MemberData(nameof(Drawn))]
    public void Drawn_images_equal_Skias(SKJpegEncoderDownsample sampling, int width, int height, int quality)
    {
        using SKBitmap bitmap = TestImages.Pattern(width, height);
        using SKPixmap pixels = bitmap.PeekPixels();
        using SKData data = pixels.Encode(new SKJpegEncoderOptions(quality, sampling, SKJpegEncoderAlphaOption.Ignore));
        AssertEqualsSkia(data.ToArray(), "drawn");
    }

    [Fact]
    public void Gray_images_equal_Skias() =>
        AssertEqualsSkia(TestImages.Encode(TestImages.Gray(75, 61), SKEncodedImageFormat.Jpeg), "gray");

    [Fact]
    public void Photos_equal_Skias()
    {
        string[] files = PhotoFiles.All(".jpg");
        string[] refused =
        [
            .. files.Where(file => !AssertEqualsSkia(File.ReadAllBytes(file), file)).Select(file => Path.GetFileName(file)),
        ];
        // The rest is of the plain kind, or of a sampling that few cameras write.
        Assert.Equal(["411.jpg", "440.jpg", "cmyk.jpg", "progressive.jpg", "progressive_gray.jpg", "rgb.jpg"], refused);
    }

    // Every truncation and many damages of a small file: either refused, or pixels; never an access outside.
    [Fact]
    public void Damaged_files_are_refused_or_decoded()
    {
        byte[] file = TestImages.Encode(TestImages.Pattern(64, 40), SKEncodedImageFormat.Jpeg);
        var decoder = new JpegRegionDecoder();
        var whole = new SKRectI(0, 0, 64, 40);
        for (int length = 0; length < file.Length - 2; length++)
            Assert.False(
                decoder.TryDecode(file.AsSpan(0, length), whole, out _) && length < file.Length - 40,
                $"{length} of {file.Length} bytes"
            );
        var random = new Random(1);
        for (int i = 0; i < 5000; i++)
        {
            byte[] damaged = [.. file];
            for (int j = 0; j <= i % 3; j++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (decoder.TryDecode(damaged, whole, out ReadOnlySpan<byte> planes))
                Assert.Equal(3 * 64 * 40, planes.Length);
        }
        Assert.True(decoder.TryDecode(file, whole, out _));
    }

    [Fact]
    public void Restart_markers_are_followed()
    {
        foreach (int interval in (int[])[0, 1, 2, 5])
            Assert.True(AssertEqualsSkia(Jpeg(interval), $"restart interval {interval}"));
    }

    // Each change by itself, of a file that is decoded without it.
    public static TheoryData<string, byte[], byte[]> Oddities { get; } =
        new()
        {
            { "a marker that is reserved", [0xFF, 0xDB], [0xFF, 0x02, 0, 2, 0xFF, 0xDB] },
            { "a second start", [0xFF, 0xDB], [0xFF, 0xD8, 0xFF, 0xDB] },
            { "bytes between segments", [0xFF, 0xC0], [0, 0xFF, 0xC0] },
            {
                "a frame with a byte too many",
                [0xFF, 0xC0, 0, 11, 8, 0, 32, 0, 48, 1, 1, 0x11, 0],
                [0xFF, 0xC0, 0, 12, 8, 0, 32, 0, 48, 1, 1, 0x11, 0, 0]
            },
            { "a table of factors that cannot be", [1, 1, 0x11, 0], [1, 1, 0x11, 4] },
            { "no sampling", [1, 1, 0x11, 0], [1, 1, 0x01, 0] },
            { "a code of nothing but ones", [20, 0, 1, .. new byte[15], 4], [21, 0, 2, .. new byte[15], 4, 5] },
            { "a first coefficient of 20 bits", [20, 0, 1, .. new byte[15], 4], [21, 0, 1, 1, .. new byte[14], 4, 20] },
            { "a table of codes that cannot be", [0xFF, 0xDA, 0, 8, 1, 1, 0], [0xFF, 0xDA, 0, 8, 1, 1, 4] },
            { "a scan of some coefficients", [0, 63, 0], [0, 5, 0] },
            { "restarts out of order", [0xFF, 0xD1], [0xFF, 0xD2] },
            { "a byte before a restart", [0xFF, 0xD1], [0x55, 0xFF, 0xD1] },
            { "a byte behind the last block", [0xFF, 0xD9], [0x55, 0xFF, 0xD9] },
            { "another marker than the end", [0xFF, 0xD9], [0xFF, 0xE0, 0, 2, 0xFF, 0xD9] },
            { "no end", [0xFF, 0xD9], [] },
        };

    [Theory]
    [MemberData(nameof(Oddities))]
    public void What_is_out_of_the_ordinary_is_left_to_Skia(string what, byte[] ordinary, byte[] odd)
    {
        byte[] file = Jpeg(interval: 5);
        int at = file.AsSpan().IndexOf(ordinary);
        Assert.True(at > 0, what);
        byte[] changed = [.. file[..at], .. odd, .. file[(at + ordinary.Length)..]];
        var decoder = new JpegRegionDecoder();

        Assert.True(decoder.TryDecode(file, new SKRectI(0, 0, 48, 32), out _));
        Assert.False(decoder.TryDecode(changed, new SKRectI(0, 0, 48, 32), out _), what);
    }

    [Fact]
    public void What_lies_behind_the_end_changes_nothing()
    {
        byte[] file = [.. Jpeg(interval: 5), 1, 2, 3];

        Assert.True(AssertEqualsSkia(file, "behind the end"));
    }

    [Fact]
    public void Levels_beyond_libjpegs_range_are_left_to_Skia()
    {
        byte[] file = TestImages.Encode(TestImages.Pattern(64, 40), SKEncodedImageFormat.Jpeg);
        file.AsSpan(file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB, 0, 67]) + 5, 64).Fill(255);

        Assert.False(new JpegRegionDecoder().TryDecode(file, new SKRectI(0, 0, 64, 40), out _));
    }

    // The whole has pixels that libjpeg clamps, so the transform is checked.
    [Fact]
    public void Hard_edges_equal_Skias()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(64, 48, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int y = 0; y < 48; y++)
        for (int x = 0; x < 64; x++)
            bitmap.SetPixel(x, y, ((x * 7) + (y * 5)) % 11 < 5 ? SKColors.White : SKColors.Black);
        foreach (int quality in (int[])[5, 30, 90])
            Assert.True(AssertEqualsSkia(bitmap.Encode(SKEncodedImageFormat.Jpeg, quality).ToArray(), $"quality {quality}"));
    }

    /// <summary>A gray 48 x 32 file written by hand: each block one DC value of 4 bits, so that each can be aligned to bytes.</summary>
    private static byte[] Jpeg(int interval)
    {
        var file = new List<byte> { 0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0 };
        file.AddRange(Enumerable.Repeat((byte)16, 64));
        file.AddRange([0xFF, 0xC0, 0, 11, 8, 0, 32, 0, 48, 1, 1, 0x11, 0]);
        // DC: the code 0 for 4 bits. AC: the code 0 for the end of the block.
        file.AddRange([0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[15], 4, 0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0]);
        if (interval > 0)
            file.AddRange([0xFF, 0xDD, 0, 4, 0, (byte)interval]);
        file.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
        uint bits = 0;
        int count = 0,
            last = 0;
        for (int i = 0; i < 24; i++)
        {
            if (interval > 0 && i > 0 && i % interval == 0)
            {
                while (count % 8 != 0)
                    Put(1, 1);
                file.AddRange([0xFF, (byte)(0xD0 + (((i / interval) - 1) % 8))]);
                last = 0;
            }
            // Four bits tell differences of 8..15 and -15..-8.
            int difference = (last > 0 ? -8 : 8) - (i % 8 * Math.Sign(last));
            last += difference;
            Put(0, 1);
            Put(difference > 0 ? difference : difference + 15, 4);
            Put(0, 1);
        }
        while (count % 8 != 0)
            Put(1, 1);
        file.AddRange([0xFF, 0xD9]);
        return [.. file];

        void Put(int value, int length)
        {
            for (int bit = length - 1; bit >= 0; bit--)
            {
                bits = (bits << 1) | (uint)((value >> bit) & 1);
                if (++count % 8 == 0)
                {
                    file.Add((byte)bits);
                    if ((byte)bits == 0xFF)
                        file.Add(0);
                }
            }
        }
    }

    private static bool AssertEqualsSkia(byte[] file, string name)
    {
        using SKBitmap bitmap = SKBitmap.Decode(
            file,
            new SKImageInfo(SKBitmap.DecodeBounds(file).Width, SKBitmap.DecodeBounds(file).Height, SKColorType.Bgra8888, SKAlphaType.Opaque)
        );
        (int width, int height) = (bitmap.Width, bitmap.Height);
        byte[] expected = new byte[3 * width * height];
        PlanarPixels.FromBgra(bitmap.GetPixelSpan(), expected);
        var decoder = new JpegRegionDecoder();
        foreach (
            SKRectI region in (SKRectI[])
                [
                    new(0, 0, width, height),
                    new(width / 3, height / 4, (width / 3) + 9, height),
                    new(1, 1, width - 1, (height / 2) + 1),
                    new(width - 5, height - 3, width, height),
                ]
        )
        {
            if (!decoder.TryDecode(file, region, out ReadOnlySpan<byte> planes))
                return false;
            for (int channel = 0; channel < 3; channel++)
            for (int y = 0; y < region.Height; y++)
            {
                ReadOnlySpan<byte> row = expected.AsSpan((((channel * height) + region.Top + y) * width) + region.Left, region.Width);
                ReadOnlySpan<byte> actual = planes.Slice(((channel * region.Height) + y) * region.Width, region.Width);
                Assert.True(row.SequenceEqual(actual), $"{name}, {region}: channel {channel}, row {y} differs");
            }
        }
        return true;
    }
}
