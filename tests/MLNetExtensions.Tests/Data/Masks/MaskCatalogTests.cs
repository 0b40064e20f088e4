using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data.Masks;

public sealed class MaskCatalogTests : IDisposable
{
    private static readonly LoadMasksOptions Options = new() { Classes = ["background", "road"] };

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public MaskCatalogTests()
    {
        foreach (string name in new[] { "b", "sub/a" })
        {
            _folder.Add($"images/{name}.jpg", DrawnPhoto.Encode(1, 8, 6));
            _folder.Add($"masks/{name}.png", DrawnPhoto.Encode(1, 8, 6, SKEncodedImageFormat.Png));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_and_masks_are_paired_by_name()
    {
        IDataView rows = Load(Options);

        Assert.Equal(["b.jpg", "sub/a.jpg"], Below("images", rows.GetColumn<string>("ImagePath")));
        Assert.Equal(["b.png", "sub/a.png"], Below("masks", rows.GetColumn<string>("MaskPath")));
        MaskClasses classes = MaskClasses.Of(rows.Schema["MaskPath"])!;
        Assert.Equal(["background", "road"], classes.Names);
        Assert.Equal((2, 255, null), (classes.Format.ClassCount, classes.Format.IgnoredIndex, classes.Format.Colors));
        Assert.True(rows.CanShuffle);
    }

    [Fact]
    public void The_meaning_of_pixels_travels_with_the_column()
    {
        IDataView rows = Load(
            Options with
            {
                IgnoredIndex = 7,
                Colors = new Dictionary<string, string> { ["road"] = "#804080", ["background"] = "#000000" },
                IgnoredColor = "#FFFFFF",
            }
        );

        IDataView later = _ml.Data.TakeRows(_ml.Data.ShuffleRows(rows), 1);

        MaskClasses classes = MaskClasses.Of(later.Schema["MaskPath"])!;
        Assert.Equal(7, classes.Format.IgnoredIndex);
        Assert.Equal(
            new Dictionary<uint, byte>
            {
                [0x804080] = 1,
                [0] = 0,
                [0xFFFFFF] = 7,
            },
            classes.Format.Colors
        );
        Assert.Null(MaskClasses.Of(Load(Options with { IgnoredIndex = null }).Schema["MaskPath"])!.Format.IgnoredIndex);
        Assert.Null(MaskClasses.Of(rows.Schema["ImagePath"]));
    }

    [Fact]
    public void Masks_may_lie_beside_the_images()
    {
        using var folder = new TemporaryFolder();
        folder.Add("a_photo.jpg", DrawnPhoto.Encode(1, 8, 6));
        folder.Add("b_photo.png", DrawnPhoto.Encode(1, 8, 6, SKEncodedImageFormat.Png));
        folder.Add("a_mask.png", DrawnPhoto.Encode(1, 8, 6, SKEncodedImageFormat.Png));
        folder.Add("b_mask.png", DrawnPhoto.Encode(1, 8, 6, SKEncodedImageFormat.Png));

        IDataView rows = _ml.Data.LoadFromMasks(folder.Path, folder.Path, Options with { ImageSuffix = "_photo", MaskSuffix = "_mask" });

        Assert.Equal(["a_photo.jpg", "b_photo.png"], rows.GetColumn<string>("ImagePath").Select(Path.GetFileName));
        Assert.Equal(["a_mask.png", "b_mask.png"], rows.GetColumn<string>("MaskPath").Select(Path.GetFileName));
    }

    [Fact]
    public void Files_without_their_pair_are_named()
    {
        _folder.Add("images/c.jpg", DrawnPhoto.Encode(1, 8, 6));
        Assert.Contains("1 of the 3 images", Assert.Throws<FileNotFoundException>(() => Load(Options)).Message, StringComparison.Ordinal);
        string set = _folder.Add("train.txt", "sub/a\nb\n"u8);
        Assert.Equal(2, Load(Options with { ImageSet = set }).GetRowCount());

        _folder.Add("train.txt", "sub/a\nz\n"u8);
        Assert.Contains(
            "have no image",
            Assert.Throws<FileNotFoundException>(() => Load(Options with { ImageSet = set })).Message,
            StringComparison.Ordinal
        );
        File.Delete(Path.Combine(_folder.Path, "images", "c.jpg"));
        _folder.Add("masks/d.png", DrawnPhoto.Encode(1, 8, 6, SKEncodedImageFormat.Png));
        Assert.Contains("d.png", Assert.Throws<FileNotFoundException>(() => Load(Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_may_be_given()
    {
        string image = Path.Combine(_folder.Path, "images", "b.jpg"),
            mask = Path.Combine(_folder.Path, "masks", "b.png");

        IDataView rows = _ml.Data.LoadFromMasks([new(image, mask)], Options);

        Assert.Equal([mask], rows.GetColumn<string>("MaskPath"));
        Assert.Contains(
            "1 files of the 1 pairs do not exist",
            Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromMasks([new(image, mask + "x")], Options)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => _ml.Data.LoadFromMasks([], Options));
    }

    [Fact]
    public void Options_that_do_not_fit_are_named()
    {
        var colors = new Dictionary<string, string> { ["background"] = "#000000", ["road"] = "#804080" };
        foreach (
            (LoadMasksOptions options, string expected) in new[]
            {
                (Options with { Classes = [] }, "names no classes"),
                (Options with { Classes = ["a", "a"] }, "names the class 'a' twice"),
                (Options with { IgnoredIndex = 256 }, "IgnoredIndex is 256"),
                (Options with { Colors = new Dictionary<string, string> { ["sky"] = "#000000" } }, "none of Classes (background, road)"),
                (Options with { Colors = new Dictionary<string, string> { ["road"] = "#000000" } }, "no color of the class 'background'"),
                (Options with { Colors = new Dictionary<string, string>(colors) { ["road"] = "red" } }, "'red'. Expected #RRGGBB"),
                (Options with { Colors = new Dictionary<string, string>(colors) { ["road"] = "#000000" } }, "is another's too"),
                (Options with { Colors = colors, IgnoredColor = "#FFFFFF", IgnoredIndex = null }, "IgnoredIndex is null"),
            }
        )
            Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(() => Load(options)).Message, StringComparison.Ordinal);
    }

    private IDataView Load(LoadMasksOptions options) =>
        _ml.Data.LoadFromMasks(Path.Combine(_folder.Path, "images"), Path.Combine(_folder.Path, "masks"), options);

    private IEnumerable<string> Below(string folder, IEnumerable<string> paths) =>
        paths.Select(path => Path.GetRelativePath(Path.Combine(_folder.Path, folder), path).Replace('\\', '/'));
}
