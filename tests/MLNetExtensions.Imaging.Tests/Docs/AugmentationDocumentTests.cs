using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Docs;

/// <summary>The blocks of docs/augmentation.md.</summary>
public sealed class AugmentationDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Boxes_are_augmented_and_samples_mixed()
    {
        string photoFile = _folder.Add("photo.jpg", DrawnPhoto.Encode(1, 320, 240)),
            augmentedFile = Path.Combine(_folder.Path, "augmented.png");
        ImageSample second = new(RasterImage.Load(photoFile)) { Boxes = [new ImageBox(10, 10, 90, 90)] },
            third = second,
            fourth = second;

        var sample = new ImageSample(RasterImage.Load(photoFile))
        {
            Boxes = [new ImageBox(Left: 40, Top: 30, Right: 200, Bottom: 180, Class: 2)],
        };
        ImageSample augmented = Augment.ForDetection().Apply(sample, width: 640, height: 640, seed: 1);
        augmented.Image.Save(augmentedFile);
        foreach (ImageBox box in augmented.Boxes)
            Console.WriteLine($"{box.Class}: {box.Left}, {box.Top}, {box.Right}, {box.Bottom}");

        ImageSample mosaic = new Mosaic().Apply(sample, [second, third, fourth], width: 640, height: 640, seed: 1);
        ImageSample pasted = new CopyPaste { MaxObjects = 5 }.Apply(sample, [second], width: 640, height: 640, seed: 1);

        Assert.Equal(640, RasterImage.Load(augmentedFile).Width);
        Assert.Equal(2, Assert.Single(augmented.Boxes).Class);
        Assert.Equal(640, mosaic.Image.Width);
        Assert.Equal(320, pasted.Image.Width);
    }
}
