using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Docs;

/// <summary>The README's block of images without ML.NET.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_is_augmented_and_made_to_an_input()
    {
        string photoFile = _folder.Add("photo.jpg", DrawnPhoto.Encode(1, 320, 240)),
            augmentedFile = Path.Combine(_folder.Path, "augmented.png");

        Augment.Standard().Apply(RasterImage.Load(photoFile), seed: 1).Save(augmentedFile);

        var preprocessing = new ImagePreprocessing { Width = 224, Height = 224 };
        RasterImage canvas = RasterImage.Load(photoFile, preprocessing);
        float[] input = Augment.Standard().Apply(canvas, preprocessing, seed: 1, epoch: 0, row: 0).ToTensor(preprocessing); // [3, 224, 224]

        Assert.Equal(320, RasterImage.Load(augmentedFile).Width);
        Assert.Equal(3 * 224 * 224, input.Length);
    }
}
