using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Decoding;

public sealed class InvalidImageTests : IDisposable
{
    // 8 x 8 pixels of C 0, M 255, Y 255, K 0 with Adobe's marker: red.
    private const string CmykJpeg =
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZHhcZWdj/8AAFAgACAAIBEMR"
        + "AE0RAFkRAEsRAP/EABQAAQAAAAAAAAAAAAAAAAAAAAf/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AEAfj8gP/9k=";

    // 4 x 3 pixels, two frames: red, then blue.
    private const string AnimatedGif =
        "R0lGODlhBAADAIEAAP8AAAAAAAAAAAAAACH5BAAKAAAALAAAAAAEAAMAAAgIAAEIHEhQYEAAIfkEAAoAAAAsAAAAAAQAAwCBAAD/AAAAAAAAAAAACAgAAQgcSFBgQAA7";

    private const string AnimatedWebp =
        "UklGRoQAAABXRUJQVlA4WAoAAAACAAAAAwAAAgAAQU5JTQYAAAAAAAAAAABBTk1GKAAAAAAAAAAAAAMAAAIAAGQAAAJWUDhMDwAAAC8DgAAABxD9j/4HIqL/AQBBTk1GKAAAAA"
        + "AAAAAAAAMAAAIAAGQAAABWUDhMDwAAAC8DgAAABxDR//4HIqL/AQA=";

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDecoder _decoder = new(
        new ImagePreprocessing
        {
            Width = 8,
            Height = 8,
            CropFraction = 1,
        }
    );

    public void Dispose()
    {
        _decoder.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(CmykJpeg)]
    [InlineData(AnimatedGif)]
    [InlineData(AnimatedWebp)]
    public void Cmyk_decodes_and_of_an_animation_the_first_frame(string base64) =>
        AssertAll(Decode(Convert.FromBase64String(base64)), 255, 0, 0);

    [Fact]
    public void Sixteen_bits_decode_to_their_upper_eight() =>
        AssertAll(
            Decode(PngFile.Create(3, 2, 16, PngFile.Rgb, [.. Enumerable.Repeat<byte[]>([200, 0, 100, 0, 50, 0], 3).SelectMany(c => c)])),
            200,
            100,
            50
        );

    // The header alone made a reader ask for 400 MB.
    [Fact]
    public void A_header_of_more_pixels_than_its_bytes_can_hold_is_refused()
    {
        byte[] bomb = PngFile.Create(10_000, 10_000, 8, PngFile.Grayscale, new byte[100]);

        var error = Assert.Throws<InvalidImageException>(() => RasterImage.Decode(bomb));

        Assert.Contains("it has 10000 x 10000 pixels, more than its", error.Reason, StringComparison.Ordinal);
        Assert.Contains("bytes can be expected to hold", error.Reason, StringComparison.Ordinal);
        Assert.True(error.IsTooLarge);
    }

    [Fact]
    public void Gray_fills_all_three_planes()
    {
        AssertAll(Decode(PngFile.Create(2, 2, 8, PngFile.Grayscale, [77, 77])), 77, 77, 77);
        var bitmap = new SKBitmap(new SKImageInfo(8, 8, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(90, 90, 90));
        AssertAll(Decode(TestImages.Encode(bitmap, SKEncodedImageFormat.Jpeg)), 90, 90, 90);
    }

    [Fact]
    public void One_pixel_fills_the_canvas() => AssertAll(Decode(PngFile.Create(1, 1, 8, PngFile.Rgb, [10, 20, 30])), 10, 20, 30);

    [Fact]
    public void Alpha_lies_on_black()
    {
        var bitmap = new SKBitmap(new SKImageInfo(16, 16, SKColorType.Bgra8888, SKAlphaType.Unpremul));
        bitmap.Erase(new SKColor(255, 255, 255, 128));
        AssertAll(Decode(TestImages.Encode(bitmap, SKEncodedImageFormat.Png)), 128, 128, 128);
    }

    [Fact]
    public void Fifty_megapixels_decode() =>
        AssertAll(Decode(PngFile.Create(7104, 7104, 1, PngFile.Grayscale, [.. Enumerable.Repeat((byte)255, 888)])), 255, 255, 255);

    [Fact]
    public void More_pixels_than_the_limit_are_refused_from_the_header()
    {
        // Its rows are far too short: decoding it would be another error.
        byte[] huge = PngFile.Create(20_000, 20_000, 1, PngFile.Grayscale, new byte[1]);
        Assert.Equal("it has 20000 x 20000 pixels, more than the limit of 100000000", Reason(huge));
        byte[] line = PngFile.Create(20_000, 1, 1, PngFile.Grayscale, new byte[2500]);
        Decode(line);
        using var strict = new ImageDecoder(new ImagePreprocessing { Width = 8, Height = 8 }, maxPixels: 19_999);
        Assert.Throws<InvalidImageException>(() => strict.DecodeBytes(line, new byte[strict.CanvasBytes]));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Truncated_files_are_bad_wherever_they_end(SKEncodedImageFormat format)
    {
        byte[] file = TestImages.Encode(TestImages.Pattern(64, 64), format);
        Decode(file);
        foreach (double share in new[] { 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97 })
            Assert.NotEmpty(Reason(file[..(int)(file.Length * share)]));
    }

    [Fact]
    public void A_truncated_gif_is_bad()
    {
        byte[] file = Convert.FromBase64String(AnimatedGif);
        Assert.NotEmpty(Reason(file[..44]));
        Assert.NotEmpty(Reason(file[..20]));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    [InlineData(SKEncodedImageFormat.Gif)]
    public void Damaged_files_decode_or_are_bad_and_nothing_else(SKEncodedImageFormat format)
    {
        byte[] good =
            format == SKEncodedImageFormat.Gif
                ? Convert.FromBase64String(AnimatedGif)
                : TestImages.Encode(TestImages.Pattern(24, 17), format);
        using var decoder = new ImageDecoder(new ImagePreprocessing { Width = 8, Height = 8 }, maxPixels: 1_000_000);
        byte[] planes = new byte[decoder.CanvasBytes];
        var random = new Random(7);
        int bad = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            byte[] damaged = [.. good];
            for (int i = random.Next(1, 8); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                decoder.DecodeBytes(damaged, planes);
            }
            catch (InvalidImageException)
            {
                bad++;
            }
        }
        Assert.InRange(bad, 20, 400);
        decoder.DecodeBytes(good, planes);
    }

    [Fact]
    public void A_truncated_jpeg_says_so() =>
        Assert.Contains("truncated", Reason(TestImages.Encode(TestImages.Pattern(64, 64), SKEncodedImageFormat.Jpeg)[..^400]));

    [Fact]
    public void What_is_no_image_says_what_it_should_be()
    {
        Assert.Equal("there are no bytes", Reason([]));
        Assert.Contains("JPEG, PNG, GIF, BMP and WebP", Reason("GIF is a format"u8.ToArray()));
        Assert.NotEmpty(Reason(PngFile.Create(0, 0, 8, PngFile.Rgb, [])));
        byte[] damaged = TestImages.Encode(TestImages.Pattern(64, 64), SKEncodedImageFormat.Png);
        damaged.AsSpan(damaged.Length / 3, 200).Clear();
        Assert.NotEmpty(Reason(damaged));
    }

    [Fact]
    public void Files_that_cannot_be_read_say_why()
    {
        Assert.Equal("the file does not exist", FileReason(Path.Combine(_folder.Path, "none.jpg")));
        Assert.Equal("the file does not exist", FileReason(Path.Combine(_folder.Path, "no-folder", "none.jpg")));
        Assert.Equal("it is a folder, not an image file", FileReason(_folder.Path));
        Assert.Equal("the file is empty (0 bytes)", FileReason(_folder.Add("empty.png", [])));
        Assert.Equal("its path is empty", FileReason(""));
        Assert.Contains("cannot be read", FileReason("a\0b.jpg"));
    }

    [Fact]
    public void An_invalid_image_leaves_the_decoder_usable()
    {
        byte[] good = PngFile.Create(1, 1, 8, PngFile.Rgb, [10, 20, 30]);
        for (int i = 0; i < 3; i++)
        {
            Reason([1, 2, 3]);
            AssertAll(Decode(good), 10, 20, 30);
        }
    }

    private byte[] Decode(byte[] file)
    {
        byte[] planes = new byte[_decoder.CanvasBytes];
        _decoder.DecodeBytes(file, planes);
        return planes;
    }

    private string Reason(byte[] file)
    {
        var error = Assert.Throws<InvalidImageException>(() => _decoder.DecodeBytes(file, new byte[_decoder.CanvasBytes], row: 7));
        Assert.Equal(7, error.Row);
        Assert.Contains("row 7", error.Message);
        return error.Reason;
    }

    private string FileReason(string path)
    {
        var error = Assert.Throws<InvalidImageException>(() => _decoder.DecodeFile(path, new byte[_decoder.CanvasBytes], row: 7));
        Assert.Equal(path == "" ? null : path, error.Path);
        return error.Reason;
    }

    private static void AssertAll(byte[] planes, int red, int green, int blue)
    {
        int[] expected = [red, green, blue];
        for (int i = 0; i < planes.Length; i++)
            Assert.InRange(planes[i], expected[i / 64] - 1, expected[i / 64] + 1);
    }
}
