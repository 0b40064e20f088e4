using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

/// <summary>Ten thousand images decoded and augmented: what the process holds stays what it is. No other test may run beside it.</summary>
[Collection(Alone.Name)]
public sealed class ImageMemoryTests
{
    private const int Images = 10_000,
        Side = 24,
        BytesPerImage = 600;

    private readonly byte[][] _files =
    [
        .. Enumerable
            .Range(0, 24)
            .Select(i =>
                TestImages.Encode(
                    TestImages.Pattern(40 + i, 36),
                    (i % 4) switch
                    {
                        0 => SKEncodedImageFormat.Png,
                        1 => SKEncodedImageFormat.Webp,
                        _ => SKEncodedImageFormat.Jpeg,
                    }
                )
            ),
    ];

    [Theory]
    [InlineData(ImageInterpolation.Standard)]
    [InlineData(ImageInterpolation.Bicubic)]
    public void Canvases_that_are_decoded_and_augmented(ImageInterpolation interpolation)
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = Side,
            Height = Side,
            Interpolation = interpolation,
        };
        using var decoder = new ImageDecoder(preprocessing);
        var augmenter = new ImageAugmenter(Augment.Strong(), preprocessing, seed: 1);
        byte[] canvas = new byte[decoder.CanvasBytes],
            image = new byte[augmenter.OutputSize];
        AssertConstant(row =>
        {
            decoder.DecodeBytes(_files[row % _files.Length], canvas);
            augmenter.Apply(canvas, 0, row, image);
        });
    }

    [Fact]
    public void Files_that_are_decoded_in_part_and_augmented()
    {
        var augmenter = new EncodedImageAugmenter(Augment.Strong(), Side, Side, seed: 1);
        byte[] image = new byte[augmenter.OutputSize];
        AssertConstant(row => augmenter.Apply(_files[row % _files.Length], 0, row, image));
    }

    private static void AssertConstant(Action<int> run)
    {
        for (int row = 0; row < Images / 5; row++)
            run(row);
        (long native, long managed) = (
            Environment.WorkingSet - GC.GetTotalMemory(forceFullCollection: true),
            GC.GetAllocatedBytesForCurrentThread()
        );

        for (int row = 0; row < Images; row++)
            run(row);

        double allocated = (GC.GetAllocatedBytesForCurrentThread() - managed) / (double)Images;
        long grown = Environment.WorkingSet - GC.GetTotalMemory(forceFullCollection: true) - native;
        Assert.InRange(allocated, 0, BytesPerImage);
        // An image leaked in a thousand would be 40 KB; a codec leaked at each, hundreds of megabytes.
        Assert.InRange(grown, long.MinValue, 8L << 20);
    }
}
