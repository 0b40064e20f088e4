using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.Augmenting;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A policy is looked at before it is used, and written to files for another program.</summary>
public sealed class AugmentationStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 6);
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_preview_shows_the_image_and_its_draws()
    {
        Augmentation policy = Augment.Compose(new HorizontalFlip(), Augment.Sometimes(0.5f, new Brightness()));
        string file = _folder.File("preview.png");

        _ml.Vision()
            .PreviewAugmentation(
                _ml.Data.LoadFromImageFolder(_folder.Photos),
                policy,
                file,
                new AugmentPreviewOptions
                {
                    Images = 2,
                    Draws = 3,
                    TileSize = 40,
                }
            );

        RasterImage sheet = RasterImage.Load(file);
        Assert.InRange(sheet.Width, 4 * 40, 4 * 44);
        Assert.InRange(sheet.Height, 2 * 40, 2 * 44);
    }

    [Fact]
    public void Augmented_copies_are_files_with_their_labels()
    {
        IDataView copies = _ml.Vision()
            .AugmentToFiles(
                _ml.Data.LoadFromImageFolder(_folder.Photos),
                Augment.Strong(),
                _folder.File("augmented"),
                new AugmentToFilesOptions { Copies = 2 }
            );

        Assert.Equal(12, copies.GetColumn<string>("ImagePath").Count(File.Exists));
        Assert.Equal(Shape.Names, copies.GetColumn<string>("Label").Distinct().Order());
        IDataView listed = _ml.Data.LoadFromImageFolder(_folder.File("augmented"));
        Assert.Equal(12, listed.GetColumn<string>("ImagePath").Count());
    }
}
