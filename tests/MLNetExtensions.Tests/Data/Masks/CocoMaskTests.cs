using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Masks;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Data.Masks;

public sealed class CocoMaskTests : IDisposable
{
    private const string Good = """
        {
          "images": [{"id": 1, "file_name": "a.jpg", "width": 6, "height": 4}, {"id": 2, "file_name": "b.jpg", "width": 6, "height": 4}],
          "annotations": [
            {"id": 1, "image_id": 1, "category_id": 2, "bbox": [0, 0, 4, 2], "segmentation": [[0, 0, 4, 0, 4, 2, 0, 2]]},
            {"id": 2, "image_id": 1, "category_id": 1, "bbox": [3, 1, 2, 2], "segmentation": {"size": [4, 6], "counts": [13, 2, 2, 2, 5]}},
            {"id": 3, "image_id": 1, "category_id": 2, "bbox": [0, 3, 1, 1], "iscrowd": 1, "segmentation": {"size": [4, 6], "counts": "31d0"}}
          ],
          "categories": [{"id": 2, "name": "dog"}, {"id": 1, "name": "cat"}]
        }
        """;

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Masks_are_class_indices_and_overlaps_do_not_count()
    {
        IDataView images = Load(Good);

        MaskClasses classes = MaskClasses.Of(images.Schema["Mask"])!;
        Assert.Equal(["background", "cat", "dog"], classes.Names);
        string[] masks = [.. Masks(images, classes)];
        Assert.Equal(
            """
            222200
            222?10
            000110
            200000
            """.ReplaceLineEndings("\n"),
            masks[0]
        );
        Assert.Equal("000000\n000000\n000000\n000000", masks[1]);
    }

    [Fact]
    public void Masks_are_drawn_only_where_asked() =>
        Assert.Null(_ml.Data.LoadFromCoco(Write(Good), new() { CheckFiles = false }).Schema.GetColumnOrNull("Mask"));

    [Theory]
    [InlineData("\"segmentation\": [[0, 0, 4, 0, 4, 2, 0, 2]]", "\"area\": 8", "annotation 1 has no segmentation")]
    [InlineData("\"width\": 6, \"height\": 4}, {", "\"height\": 4}, {", "image 'a.jpg' has the size 0 x 4")]
    [InlineData("\"width\": 6, \"height\": 4}, {", "\"width\": 0.3, \"height\": 4}, {", "image 'a.jpg' has the size 0.3 x 4")]
    [InlineData("[[0, 0, 4, 0, 4, 2, 0, 2]]", "[[0, \"x\"]]", "numbers, x and y of each corner")]
    [InlineData("[[0, 0, 4, 0, 4, 2, 0, 2]]", "7", "an array of polygons, or an object")]
    [InlineData("\"counts\": \"31d0\"", "\"other\": 1", "size (height, width) and counts")]
    [InlineData("\"name\": \"cat\"", "\"name\": \"background\"", "'background'")]
    public void A_wrong_file_is_named_with_the_place(string part, string changed, string expected)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        Exception error = Assert.ThrowsAny<Exception>(() => Load(Good.Replace(part, changed, StringComparison.Ordinal)));

        Assert.IsType<InvalidDataException>(error);
        Assert.Contains("annotations.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[13, 2, 2, 2, 5]", "[13, 2, 2, 2, 4]", "annotation 2 of 'a.jpg' cannot be drawn: its run lengths cover 23 of 24 pixels")]
    [InlineData(
        "{\"size\": [4, 6], \"counts\": [",
        "{\"size\": [6, 4], \"counts\": [",
        "annotation 2 of 'a.jpg' cannot be drawn: its run lengths are of 4 x 6"
    )]
    [InlineData("[[0, 0, 4, 0, 4, 2, 0, 2]]", "[[0, 0, 4, 0]]", "annotation 1 of 'a.jpg' cannot be drawn: a polygon of it has 4 numbers")]
    [InlineData("\"31d0\"", "\"31d\"", "annotation 3 of 'a.jpg' cannot be drawn: its text of run lengths is damaged")]
    public void A_wrong_outline_is_named_when_it_is_drawn(string part, string changed, string expected)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        IDataView images = Load(Good.Replace(part, changed, StringComparison.Ordinal));

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => images.GetColumn<byte[]>("Mask").ToArray());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private IDataView Load(string json) => _ml.Data.LoadFromCoco(Write(json), new LoadCocoOptions { CheckFiles = false, Masks = true });

    private string Write(string json) => _folder.Add("annotations.json", Encoding.UTF8.GetBytes(json));

    private static IEnumerable<string> Masks(IDataView images, MaskClasses classes)
    {
        DataViewSchema.Column column = MaskColumn.Find(images.Schema)!.Value;
        var reader = new MaskReader(classes.Format);
        using DataViewRowCursor cursor = images.GetRowCursor([column]);
        Func<EncodedMask> mask = MaskColumn.Reader(cursor, column);
        while (cursor.MoveNext())
        {
            byte[] plane = reader.Read(mask(), cursor.Position, out ImageSize size).ToArray();
            yield return string.Join(
                '\n',
                plane.Chunk(size.Width).Select(row => string.Concat(row.Select(v => v == 255 ? '?' : (char)('0' + v))))
            );
        }
    }
}
