using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

public class EncodedImageAugmenterTests
{
    public static TheoryData<Augmentation> Policies { get; } =
    [
        new CenterCrop(),
        new RandomResizedCrop(),
        Augment.Standard(),
        Augment.Strong(),
        Augment.Compose(new Brightness(), new Rotate(), new RandomResizedCrop()),
        Augment.Compose(new Rotate90(), new RandomResizedCrop()),
        Augment.Compose(new PadAndCrop { Padding = 800 }, new CenterCrop()), // often nothing of the image is left
    ];

    // The image decoded in part, at the size that is needed, against the image decoded in full.
    [Theory]
    [MemberData(nameof(Policies))]
    public void What_is_decoded_in_part_agrees_with_what_is_decoded_in_full(Augmentation policy)
    {
        const int size = 64;
        foreach ((int width, int height) in ((int, int)[])[(90, 71), (700, 500)])
        {
            byte[] file = TestImages.Encode(Smooth(width, height), SKEncodedImageFormat.Jpeg);
            byte[] whole = Planes(file, out int wholeWidth, out int wholeHeight);
            var inPart = new EncodedImageAugmenter(policy, size, size, seed: 4);
            var inFull = new ImageAugmenter(policy, wholeWidth, wholeHeight, size, size, seed: 4);
            byte[] actual = new byte[inPart.OutputSize],
                expected = new byte[inPart.OutputSize];
            for (int row = 0; row < 16; row++)
            {
                inPart.Apply(file, 0, row, actual);
                inFull.Apply(whole, 0, row, expected);
                double difference = GoldenImages.MeanDifference(expected, actual, size, size, 0);
                Assert.True(difference < 2.5, $"{width} x {height}, row {row} differs by {difference} on average");
            }
        }
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
    public void Images_are_turned_upright_before_they_are_cropped(int orientation)
    {
        using var golden = new Npz(GoldenFiles.PathOf("image_ops.npz"));
        byte[] expected = golden.Bytes($"exif/{orientation}/upright");
        byte[] actual = new byte[3 * 32 * 48];
        new EncodedImageAugmenter(Augment.None(), 48, 32, 0).Apply(golden.Bytes($"exif/{orientation}/jpeg"), 0, 0, actual);
        double sum = 0;
        for (int i = 0; i < 32 * 48; i++)
        for (int channel = 0; channel < 3; channel++)
            sum += Math.Abs(expected[(3 * i) + channel] - actual[(channel * 32 * 48) + i]);
        Assert.True(sum / actual.Length < 1, $"differs by {sum / actual.Length} on average");
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Formats_that_are_decoded_whole_work(SKEncodedImageFormat format)
    {
        byte[] file = TestImages.Encode(Smooth(80, 60), format);
        byte[] whole = Planes(file, out int width, out int height);
        byte[] actual = new byte[3 * 40 * 40],
            expected = new byte[3 * 40 * 40];
        new EncodedImageAugmenter(Augment.Standard(), 40, 40, 1).Apply(file, 2, 3, actual);
        new ImageAugmenter(Augment.Standard(), width, height, 40, 40, 1).Apply(whole, 2, 3, expected);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Bad_files_are_named()
    {
        byte[] file = TestImages.Encode(Smooth(300, 200), SKEncodedImageFormat.Jpeg);
        var augmenter = new EncodedImageAugmenter(new CenterCrop(), 200, 200, 0);
        byte[] target = new byte[augmenter.OutputSize];
        Assert.Contains(
            "truncated",
            Assert.Throws<InvalidImageException>(() => augmenter.Apply(file.AsSpan(0, file.Length / 3), 0, 7, target)).Message
        );
        Assert.Equal(7, Assert.Throws<InvalidImageException>(() => augmenter.Apply(new byte[100], 0, 7, target)).Row);
        Assert.Throws<InvalidImageException>(() => augmenter.ApplyFile("there/is/no/such.jpg", 0, 7, target));
        augmenter.Apply(file, 0, 7, target);
    }

    [Fact]
    public void Threads_make_no_difference_and_little_is_allocated()
    {
        byte[][] files = [.. Enumerable.Range(0, 12).Select(i => TestImages.Encode(Smooth(120 + i, 90), SKEncodedImageFormat.Jpeg))];
        byte[] one = All(1),
            four = All(4);
        Assert.Equal(one, four);

        var augmenter = new EncodedImageAugmenter(Augment.Standard(), 64, 64, 1);
        byte[] target = new byte[augmenter.OutputSize];
        for (int row = 0; row < 400; row++)
            augmenter.Apply(files[row % 12], 0, row, target);
        long allocated = SteadyAllocation.Of(() =>
        {
            for (int row = 0; row < 100; row++)
                augmenter.Apply(files[row % 12], 1, row, target);
        });
        Assert.InRange(allocated, 0, 100 * 1000);

        byte[] All(int threads)
        {
            var all = new EncodedImageAugmenter(Augment.Strong(), 64, 64, 1);
            byte[] result = new byte[12 * all.OutputSize];
            Parallel.For(
                0,
                12,
                new ParallelOptions { MaxDegreeOfParallelism = threads },
                row => all.Apply(files[row], 0, row, result.AsSpan(row * all.OutputSize, all.OutputSize))
            );
            return result;
        }
    }

    private static byte[] Planes(byte[] file, out int width, out int height)
    {
        using SKBitmap bitmap = SKBitmap.Decode(file);
        (width, height) = (bitmap.Width, bitmap.Height);
        byte[] planes = new byte[3 * width * height];
        Assert.Equal(SKColorType.Bgra8888, bitmap.ColorType);
        PlanarPixels.FromBgra(bitmap.GetPixelSpan(), planes);
        return planes;
    }

    /// <summary>What a lens gives: no detail of a single pixel.</summary>
    private static SKBitmap Smooth(int width, int height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            bitmap.SetPixel(
                x,
                y,
                new SKColor(
                    (byte)(128 + (100 * Math.Sin(x / 17.0))),
                    (byte)(128 + (100 * Math.Cos((x + y) / 23.0))),
                    (byte)(128 + (100 * Math.Sin(y / 11.0)))
                )
            );
        return bitmap;
    }
}
