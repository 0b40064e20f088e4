using Microsoft.ML;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Stories.Tests.Drawing;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Data are looked at before they are learned: copies of an image on both sides of a split make tests too good.</summary>
public sealed class DuplicatesStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 30);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_on_both_sides_of_the_split_is_found()
    {
        byte[] copy = File.ReadAllBytes(_folder.File("photos/disc/0.png"));
        for (int i = 0; i < 8; i++)
            _folder.Write($"photos/disc/copy{i}.png", copy);
        _folder.Write("photos/square/wrong.png", copy);
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        DataSplit split = ml.Vision().Split(photos, testFraction: 0.3);

        DataInspection found = ml.Vision().Inspect(split);

        DuplicateGroup group = found.Duplicates.Single(g => g.IsExact);
        Assert.Equal(10, group.Images.Count);
        Assert.Equal(["disc", "square"], group.Images.Select(image => image.Label).Distinct().Order());
        Assert.True(group.Images.Select(image => image.Part).Distinct().Count() > 1);
        Assert.Contains("duplicate", found.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
