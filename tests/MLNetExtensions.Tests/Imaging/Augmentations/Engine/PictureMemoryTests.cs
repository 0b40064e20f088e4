using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Tests.Data;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Imaging.Augmentations.Engine;

/// <summary>Ten thousand pictures decoded and augmented: what the process holds stays what it is. No other test may run beside it.</summary>
[Collection(Alone.Name)]
public sealed class PictureMemoryTests
{
    private const int Pictures = 10_000, Side = 24, BytesPerPicture = 600;

    private readonly byte[][] _files =
    [
        .. Enumerable.Range(0, 24).Select(i => TestPictures.Encode(
            TestPictures.Pattern(40 + i, 36), (i % 4) switch { 0 => SKEncodedImageFormat.Png, 1 => SKEncodedImageFormat.Webp, _ => SKEncodedImageFormat.Jpeg })),
    ];

    [Theory]
    [InlineData(ImageInterpolation.Standard)]
    [InlineData(ImageInterpolation.Bicubic)]
    public void Canvases_that_are_decoded_and_augmented(ImageInterpolation interpolation)
    {
        var preprocessing = new ImagePreprocessing { Width = Side, Height = Side, Interpolation = interpolation };
        using var decoder = new ImageDecoder(preprocessing);
        var augmenter = new PictureAugmenter(Augment.Strong(), preprocessing, seed: 1);
        byte[] canvas = new byte[decoder.CanvasBytes], picture = new byte[augmenter.OutputSize];
        AssertConstant(row =>
        {
            decoder.DecodeBytes(_files[row % _files.Length], canvas);
            augmenter.Apply(canvas, 0, row, picture);
        });
    }

    [Fact]
    public void Files_that_are_decoded_in_part_and_augmented()
    {
        var augmenter = new EncodedPictureAugmenter(Augment.Strong(), Side, Side, seed: 1);
        byte[] picture = new byte[augmenter.OutputSize];
        AssertConstant(row => augmenter.Apply(_files[row % _files.Length], 0, row, picture));
    }

    private static void AssertConstant(Action<int> run)
    {
        for (int row = 0; row < Pictures / 5; row++)
            run(row);
        (long native, long managed) = (Environment.WorkingSet - GC.GetTotalMemory(forceFullCollection: true), GC.GetAllocatedBytesForCurrentThread());

        for (int row = 0; row < Pictures; row++)
            run(row);

        double allocated = (GC.GetAllocatedBytesForCurrentThread() - managed) / (double)Pictures;
        long grown = Environment.WorkingSet - GC.GetTotalMemory(forceFullCollection: true) - native;
        Assert.InRange(allocated, 0, BytesPerPicture);
        // A picture leaked in a thousand would be 40 KB; a codec leaked at each, hundreds of megabytes.
        Assert.InRange(grown, long.MinValue, 8L << 20);
    }
}
