using System.Text;
using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data.Inspection;

public sealed class InspectLabelsTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Boxes_are_counted_by_class_and_size_and_the_wrong_ones_are_listed()
    {
        foreach (string name in new[] { "a", "b" })
            _folder.Add($"{name}.jpg", DrawnPhoto.Encode(name[0], 200, 160));
        // The file says another size than the images have.
        string file = _folder.Add(
            "coco.json",
            """
            {
              "images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.jpg"}],
              "annotations": [
                {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20]},
                {"id": 2, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20]},
                {"id": 3, "image_id": 1, "category_id": 2, "bbox": [50, 10, 60, 60]},
                {"id": 4, "image_id": 1, "category_id": 2, "bbox": [150, 10, 100, 120], "iscrowd": 1}
              ],
              "categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "cat"}, {"id": 3, "name": "horse"}]
            }
            """u8
        );

        DataInspection found = _ml.Vision().Inspect(_ml.Data.LoadFromCoco(file));

        BoxInspection boxes = found.Boxes!;
        Assert.Empty(found.Classes);
        Assert.Null(found.Masks);
        Assert.Equal([("dog", 2, 1), ("cat", 2, 1), ("horse", 0, 0)], boxes.Classes.Select(c => (c.Label, c.Count, c.Images)));
        Assert.Equal((4, 2, 1, 1, 1), (boxes.Count, boxes.Small, boxes.Medium, boxes.Large, boxes.Crowds));
        Assert.Equal(new SizeRange(0, 4, 4), boxes.BoxesOfImage);
        Assert.Equal("b.jpg", Path.GetFileName(Assert.Single(boxes.EmptyImages).Path));
        Assert.Equal((3, "reaches over the edge of the image of 200 x 160 pixels"), Single(boxes.Invalid));
        Assert.Equal((1, "is box 0 again"), Single(boxes.Duplicates));
        string text = found.ToString();
        Assert.Contains(
            "class     boxes    images\ndog           2         1\ncat           2         1\nhorse         0         0\n",
            text
        );
        Assert.Contains("Boxes:    4, 0 to 4 an image, median 4; around many objects: 1\n", text);
        Assert.Contains("Sizes:    small 2, medium 1, large 1", text);
        Assert.Contains("1 boxes cannot be right", text);
        Assert.Contains("1 boxes are there twice", text);
        Assert.Contains("3 classes have fewer than 20 boxes: dog 2, cat 2, horse 0.", text);
    }

    [Fact]
    public void Parts_without_boxes_of_a_class_are_named()
    {
        _folder.Add("images/a.jpg", DrawnPhoto.Encode(1, 64, 48));
        _folder.Add("images/b.jpg", DrawnPhoto.Encode(2, 64, 48));
        _folder.Add("labels/a.txt", "0 0.5 0.5 0.2 0.2\n1 0.2 0.2 0.1 0.1"u8);
        _folder.Add("labels/b.txt", "0 0.5 0.5 0.2 0.2"u8);
        IDataView all = _ml.Data.LoadFromYolo(_folder.Path, new LoadYoloOptions { Classes = ["cat", "dog"] });

        DataInspection found = _ml.Vision().Inspect([new("train", _ml.Data.TakeRows(all, 1)), new("test", _ml.Data.SkipRows(all, 1))]);

        Assert.Equal([1, 1], found.Boxes!.Classes[0].CountOfPart);
        Assert.Contains("'test' has no boxes of 1 classes: dog.", found.Warnings);
    }

    [Fact]
    public void Masks_are_counted_by_class_and_the_wrong_ones_are_listed()
    {
        byte[] half =
        [
            .. Enumerable
                .Range(0, 8 * 6)
                .Select(i =>
                    (byte)(
                        i < 24 ? 1
                        : i < 36 ? 0
                        : 255
                    )
                ),
        ];
        Add("a", half, 8, 6);
        Add("b", new byte[48], 8, 6);
        Add("c", new byte[12], 4, 3);
        Add("d", [9, .. new byte[47]], 8, 6);

        DataInspection found = _ml.Vision()
            .Inspect(
                _ml.Data.LoadFromMasks(
                    Path.Combine(_folder.Path, "images"),
                    Path.Combine(_folder.Path, "masks"),
                    new LoadMasksOptions { Classes = ["background", "road", "sky"] }
                )
            );

        MaskInspection masks = found.Masks!;
        Assert.Null(found.Boxes);
        Assert.Equal(2, masks.Count);
        Assert.Equal(
            [("background", 60 / 84.0, 2), ("road", 24 / 84.0, 1), ("sky", 0, 0)],
            masks.Classes.Select(c => (c.Label, c.Fraction, c.Images))
        );
        Assert.Equal(12 / 96.0, masks.IgnoredFraction);
        Assert.Equal("b.jpg", Path.GetFileName(Assert.Single(masks.Uniform).Path));
        Assert.Contains("the mask has 4 x 3 pixels, its image 8 x 6", masks.Invalid[0].Reason);
        Assert.Contains("index 9 at x 0, y 0 is of no class", masks.Invalid[1].Reason);
        string text = found.ToString();
        Assert.Contains("class         pixels    images\nbackground   71.43 %         2\nroad         28.57 %         1\n", text);
        Assert.Contains("Masks:    2; pixels that do not count: 12.50 %\n", text);
        Assert.Contains("1 classes have no pixels: sky.", text);
        Assert.Contains("2 masks cannot be used", text);
    }

    private void Add(string name, byte[] plane, int width, int height)
    {
        _folder.Add($"images/{name}.jpg", DrawnPhoto.Encode(name[0], 8, 6));
        using SKData png = ImageEncoder.Encode(plane, width, height, jpegQuality: null);
        _folder.Add($"masks/{name}.png", png.AsSpan());
    }

    private static (int, string) Single(IReadOnlyList<BoxFinding> findings)
    {
        BoxFinding finding = Assert.Single(findings);
        return (finding.Index, finding.Reason);
    }
}
