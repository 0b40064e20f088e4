using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using Xunit;

namespace MLNetExtensions.Tests.Data.Boxes;

public sealed class PascalVocTests : IDisposable
{
    private const string Good = """
        <annotation>
          <folder>VOC</folder>
          <filename>a.jpg</filename>
          <size><width>64</width><height>48</height><depth>3</depth></size>
          <object>
            <name>dog</name><pose>Left</pose><difficult>0</difficult>
            <bndbox><xmin>5</xmin><ymin>7</ymin><xmax>14</xmax><ymax>18.5</ymax></bndbox>
            <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>
          </object>
          <object>
            <name>cat</name><difficult>1</difficult>
            <bndbox><xmin>1</xmin><ymin>1</ymin><xmax>64</xmax><ymax>48</ymax></bndbox>
          </object>
        </annotation>
        """;

    private const string Empty = """
        <annotation><filename>b.jpg</filename><size><width>64</width><height>48</height></size></annotation>
        """;

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public PascalVocTests()
    {
        foreach (string name in new[] { "a.jpg", "b.jpg" })
            _folder.Add(name, DrawnPhoto.Encode(name[0], 64, 48));
        _folder.Add("a.xml", Encoding.UTF8.GetBytes(Good));
        _folder.Add("b.xml", Encoding.UTF8.GetBytes(Empty));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_the_images_with_their_boxes_from_one()
    {
        IDataView images = _ml.Data.LoadFromPascalVoc(_folder.Path);

        Assert.Equal([Path.Combine(_folder.Path, "a.jpg"), Path.Combine(_folder.Path, "b.jpg")], images.GetColumn<string>("ImagePath"));
        VBuffer<ReadOnlyMemory<char>> names = default;
        images.Schema["Label"].GetKeyValues(ref names);
        Assert.Equal(["cat", "dog"], names.DenseValues().Select(name => name.ToString()));
        Assert.Equal(
            [
                [2u, 1u],
                [],
            ],
            images.GetColumn<uint[]>("Label")
        );
        Assert.Equal(
            [
                [4, 6, 14, 18.5f, 0, 0, 64, 48],
                [],
            ],
            images.GetColumn<float[]>("BoundingBoxes")
        );
        Assert.Equal(
            [
                [false, true],
                [],
            ],
            images.GetColumn<bool[]>("IsCrowd")
        );
    }

    [Fact]
    public void Conventions_can_be_others()
    {
        IDataView images = _ml.Data.LoadFromPascalVoc(
            _folder.Path,
            new LoadPascalVocOptions
            {
                CountFromOne = false,
                CountDifficult = true,
                Classes = ["dog", "bird", "cat"],
            }
        );

        Assert.Equal([5, 7, 14, 18.5f, 1, 1, 64, 48], images.GetColumn<float[]>("BoundingBoxes").First());
        Assert.Equal([false, false], images.GetColumn<bool[]>("IsCrowd").First());
        Assert.Equal([1u, 3u], images.GetColumn<uint[]>("Label").First());
    }

    [Fact]
    public void The_layout_of_Pascal_VOC_is_found_and_image_sets_choose()
    {
        using var folder = new TemporaryFolder();
        folder.Add("JPEGImages/a.jpg", DrawnPhoto.Encode(1, 64, 48));
        folder.Add("Annotations/a.xml", Encoding.UTF8.GetBytes(Good));
        folder.Add("Annotations/b.xml", Encoding.UTF8.GetBytes(Empty));
        string set = folder.Add("ImageSets/Main/train.txt", "a\n"u8.ToArray());

        IDataView images = _ml.Data.LoadFromPascalVoc(folder.Path, new LoadPascalVocOptions { ImageSet = set });

        Assert.Equal([Path.Combine(folder.Path, "JPEGImages", "a.jpg")], images.GetColumn<string>("ImagePath"));
        folder.Add("ImageSets/Main/train.txt", "c\n"u8.ToArray());
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() =>
            _ml.Data.LoadFromPascalVoc(folder.Path, new LoadPascalVocOptions { ImageSet = set })
        );
        Assert.Contains("c.xml', which the image set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_is_left_out_is_the_images()
    {
        Change("<size><width>64</width><height>48</height><depth>3</depth></size>", "<size><width>0</width><height>0</height></size>");
        Change("<xmax>64</xmax>", "<xmax>70</xmax>");

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromPascalVoc(_folder.Path));

        Assert.Contains("reaches over the edge of the image of 64 x 48 pixels", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "<xmin>5</xmin>",
        "<xmin>20</xmin>",
        "line 7 of '",
        "a.xml', object 'dog', has the box (19, 6, 14, 18.5), which is inverted"
    )]
    [InlineData("<xmin>5</xmin>", "<xmin>NaN</xmin>", "line 7 of '", "is not finite")]
    [InlineData("<xmin>5</xmin>", "<xmin>five</xmin>", "a.xml', line 7", "'xmin' is 'five'. Expected a number")]
    [InlineData("<xmin>5</xmin>", "", "a.xml', line 7", "'bndbox' has no 'xmin'")]
    [InlineData("<name>dog</name>", "", "a.xml', line 5", "'object' has no 'name'")]
    [InlineData("<filename>a.jpg</filename>", "", "a.xml', line 1", "'annotation' has no 'filename'")]
    [InlineData("<annotation>", "<!DOCTYPE x [<!ENTITY e \"x\">]><annotation>", "a.xml'", "DTD is prohibited")]
    [InlineData("</annotation>", "", "a.xml'", "is not Pascal VOC's XML")]
    [InlineData("annotation>", "other>", "a.xml', line 1", "the element is 'other'")]
    public void A_wrong_file_is_named_with_the_place(string part, string changed, string place, string expected)
    {
        Change(part, changed);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromPascalVoc(_folder.Path));

        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_in_elements_without_end_are_refused_at_once()
    {
        // A reader that follows them takes minutes.
        const int Depth = 400_000;
        Change(
            "</annotation>",
            string.Concat(Enumerable.Repeat("<a>", Depth)) + string.Concat(Enumerable.Repeat("</a>", Depth)) + "</annotation>"
        );

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromPascalVoc(_folder.Path));

        Assert.Contains("nested more than 64 deep", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Change("a.jpg", "c.jpg");

        Assert.Contains(
            "1 of the 2 images",
            Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromPascalVoc(_folder.Path)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "which is none of Classes (cat)",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromPascalVoc(_folder.Path, new() { Classes = ["cat"] })).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<DirectoryNotFoundException>(() => _ml.Data.LoadFromPascalVoc(Path.Combine(_folder.Path, "none")));
        using var empty = new TemporaryFolder();
        Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromPascalVoc(empty.Path));
    }

    private void Change(string part, string changed)
    {
        string file = Path.Combine(_folder.Path, "a.xml"),
            text = File.ReadAllText(file);
        Assert.Contains(part, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(part, changed, StringComparison.Ordinal));
    }
}
