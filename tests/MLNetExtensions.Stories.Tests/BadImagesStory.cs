using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Imaging;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A spreadsheet lists photos, of which some cannot be read.</summary>
public sealed class BadImagesStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 24);
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_skipped_unless_the_user_allows_it()
    {
        string[] files = [.. Directory.EnumerateFiles(_folder.Photos, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        File.WriteAllBytes(files[5], File.ReadAllBytes(files[5])[..100]);
        File.WriteAllText(files[17], "no image");
        string list = _folder.File("photos.csv");
        File.WriteAllLines(list, ["ImagePath,Label,Camera", .. files.Select(f => $"\"{f}\",{Directory.GetParent(f)!.Name},front")]);

        IDataView photos = _ml.Data.LoadFromImageList(list);
        Assert.Equal(["ImagePath", "Label", "Camera"], photos.Schema.Select(column => column.Name));
        DataInspection found = _ml.Vision().Inspect(photos);
        Assert.Equal([files[5], files[17]], found.UnreadableImages.Select(image => image.Image.Path).Order(StringComparer.Ordinal));
        InvalidImageException error = Assert.Throws<InvalidImageException>(() => Fit(photos, allowed: 1));
        Assert.Contains(error.Path, new[] { files[5], files[17] });

        ITransformer model = Fit(photos, allowed: 2);

        FineTuneTransformer trained = ((IEnumerable<ITransformer>)model).OfType<FineTuneTransformer>().Single();
        Assert.Equal([5L, 17], trained.Result.InvalidImages.Select(image => image.Row).Order());
        Assert.Equal(22, trained.Result.TrainingRows);
    }

    [Fact]
    public void A_list_with_a_missing_file_names_its_line()
    {
        string list = _folder.File("photos.csv");
        File.WriteAllLines(list, ["ImagePath,Label", "photos/disc/0.png,disc", "photos/disc/none.png,disc"]);

        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Data.LoadFromImageList(list));

        Assert.Contains("line 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("none.png", error.Message, StringComparison.Ordinal);
    }

    private ITransformer Fit(IDataView photos, int allowed) =>
        _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                _ml.MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions
                    {
                        Backbone = TinyNetwork.Backbone(),
                        ImageColumnName = "ImagePath",
                        MaxInvalidImages = allowed,
                    }
                )
            )
            .Fit(photos);
}
