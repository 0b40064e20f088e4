using System.Text;
using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data.Preview;

public sealed class PreviewLabelsTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Boxes_and_masks_are_drawn_where_they_are()
    {
        string file = Path.Combine(_folder.Path, "grid.png");

        _ml.Vision().PreviewLabels(Load(images: 3), file, new PreviewLabelsOptions { Columns = 2, TileSize = 160 });

        using SKBitmap grid = SKBitmap.Decode(file);
        // Two rows of 120 pixels and a gap, and a line with the names of classes.
        Assert.Equal((324, 248 + 22), (grid.Width, grid.Height));
        // The image is white and 80 x 60, twice as large in its tile; the box of the dog is 20, 20, 60, 50, and its outline a triangle.
        SKColor dog = BoxDrawing.ColorOf(0);
        Assert.Equal(dog, grid.GetPixel(40, 80));
        Assert.Equal(dog, grid.GetPixel(204, 80));
        Assert.Equal(SKColors.White, grid.GetPixel(20, 20));
        SKColor covered = grid.GetPixel(100, 60);
        Assert.Equal((dog.Red + 255) / 2.0, covered.Red, 2.0);
        Assert.Equal((dog.Green + 255) / 2.0, covered.Green, 2.0);
        Assert.Equal(SKColors.White, grid.GetPixel(60, 90));
        // The fourth tile is empty, and the legend has the class's color.
        Assert.Equal(SKColors.White, grid.GetPixel(250, 230));
        Assert.Equal(dog, grid.GetPixel(6, 248 + 10));
    }

    [Fact]
    public void What_cannot_be_shown_is_named()
    {
        VisionOperationsCatalog vision = _ml.Vision();
        string file = Path.Combine(_folder.Path, "grid.png");
        IDataView data = Load(images: 1);

        Assert.Contains(
            "Could not find column 'Photo'",
            Assert.Throws<ArgumentOutOfRangeException>(() => vision.PreviewLabels(data, file, new() { ImageColumnName = "Photo" })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "neither boxes",
            Assert
                .Throws<ArgumentException>(() =>
                    vision.PreviewLabels(_ml.Transforms.SelectColumns("ImagePath").Fit(data).Transform(data), file)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "TileSize",
            Assert.Throws<ArgumentOutOfRangeException>(() => vision.PreviewLabels(data, file, new() { TileSize = 5 })).Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(file));
    }

    private IDataView Load(int images)
    {
        using var white = new SKBitmap(80, 60);
        white.Erase(SKColors.White);
        using SKData png = white.Encode(SKEncodedImageFormat.Png, 100);
        for (int i = 0; i < images; i++)
            _folder.Add($"{i}.png", png.AsSpan());
        string list = string.Join(
            ", ",
            Enumerable.Range(0, images).Select(i => $$"""{"id": {{i}}, "file_name": "{{i}}.png", "width": 80, "height": 60}""")
        );
        string objects = string.Join(
            ", ",
            Enumerable
                .Range(0, images)
                .Select(i =>
                    $$"""{"id": {{i}}, "image_id": {{i}}, "category_id": 1, "bbox": [20, 20, 40, 30], "segmentation": [[20, 20, 60, 20, 60, 50]]}"""
                )
        );
        string file = _folder.Add(
            "coco.json",
            Encoding.UTF8.GetBytes($$"""{"images": [{{list}}], "annotations": [{{objects}}], "categories": [{"id": 1, "name": "dog"}]}""")
        );
        return _ml.Data.LoadFromCoco(file, new LoadCocoOptions { Masks = true });
    }
}
