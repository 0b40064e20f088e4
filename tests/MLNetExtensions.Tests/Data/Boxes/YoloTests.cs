using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using Xunit;

namespace MLNetExtensions.Tests.Data.Boxes;

public sealed class YoloTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public YoloTests()
    {
        foreach (string name in new[] { "a.jpg", "b.jpg" })
            _folder.Add("images/train/" + name, DrawnPhoto.Encode(name[0], 64, 48));
        Write("labels/train/a.txt", "1 0.5 0.5 0.25 0.5\n\n0 0.25 0.25 0.5 0.5 0.75 0.25\n");
        Write("data.yaml", "path: .\nnames:\n  0: cat # a comment\n  1: 'dog: big'\nnc: 2\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_the_images_with_boxes_in_pixels()
    {
        IDataView images = _ml.Data.LoadFromYolo(_folder.Path, new LoadYoloOptions { Part = "train" });

        Assert.Equal(["a.jpg", "b.jpg"], images.GetColumn<string>("ImagePath").Select(Path.GetFileName));
        Assert.Equal(
            [
                [2u, 1u],
                [],
            ],
            images.GetColumn<uint[]>("Label")
        );
        // The second line is a triangle.
        Assert.Equal(
            [
                [24, 12, 40, 36, 16, 12, 48, 24],
                [],
            ],
            images.GetColumn<float[]>("BoundingBoxes")
        );
        Assert.Equal(["cat", "dog: big"], Names(images));
        Assert.Equal(2, _ml.Data.LoadFromYolo(_folder.Path).GetRowCount());
    }

    [Theory]
    [InlineData("data.yaml", "names: [cat, 'dog, big']")]
    [InlineData("data.yaml", "nc: 2\nnames: ['cat',\n  \"dog, big\",\n]\ntrain: x")]
    [InlineData("data.yaml", "names: {0: cat, 1: 'dog, big'}")]
    [InlineData("data.yaml", "names:\n- cat\n- dog, big\nnc: 2")]
    [InlineData("classes.txt", "cat\ndog, big\n")]
    [InlineData("labels/classes.txt", "cat\ndog, big\n")]
    [InlineData("obj.names", "cat\r\ndog, big\r\n")]
    public void Names_are_found_in_the_files_that_data_sets_have(string file, string text)
    {
        File.Delete(Path.Combine(_folder.Path, "data.yaml"));
        Write(file, text);

        Assert.Equal(["cat", "dog, big"], Names(_ml.Data.LoadFromYolo(_folder.Path)));
    }

    [Theory]
    [InlineData("nc: 2", "line 1: it has no entry 'names'")]
    [InlineData("nc: 2\nnames: cat", "line 2: 'names' is 'cat'. Expected a list")]
    [InlineData("names:\n  0: cat\n  2: dog", "line 3: '2: dog' of 'names' is not '1: name'")]
    [InlineData("names: [cat, dog", "line 1: the list of 'names' has no ']'")]
    [InlineData("names: [cat, cat]", "names the class 'cat' twice")]
    [InlineData("names: []", "names no classes")]
    public void Wrong_names_are_named_with_the_line(string text, string expected)
    {
        Write("data.yaml", text);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromYolo(_folder.Path));

        Assert.Contains("data.yaml'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 0.5 0.5 0.25", "a.txt', line 2 has 4 fields")]
    [InlineData("1 0.5 0.5 0.25 0.5 0.9", "a.txt', line 2 has 6 fields")]
    [InlineData("2 0.5 0.5 0.25 0.5", "a.txt', line 2 has the class '2'. Expected 0 to 1 (cat, dog: big)")]
    [InlineData("-1 0.5 0.5 0.25 0.5", "a.txt', line 2 has the class '-1'")]
    [InlineData("1 0.5 half 0.25 0.5", "a.txt', line 2: field 3 is 'half'. Expected a number")]
    [InlineData("1 0.9 0.5 0.5 0.5", "a.txt', line 2 has the box (41.6, 12, 73.6, 36), which reaches over the edge")]
    [InlineData("1 0.5 0.5 0 0.5", "a.txt', line 2 has the box (32, 12, 32, 36), which has no area")]
    [InlineData("1 NaN 0.5 0.1 0.5", "is not finite")]
    public void Wrong_lines_are_named(string line, string expected)
    {
        Write("labels/train/a.txt", "1 0.5 0.5 0.25 0.5\n" + line);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromYolo(_folder.Path));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_are_clipped_where_asked()
    {
        Write("labels/train/a.txt", "1 0.875 0.5 0.5 0.5");

        IDataView images = _ml.Data.LoadFromYolo(_folder.Path, new LoadYoloOptions { InvalidBoxes = InvalidBoxHandling.Clip });

        Assert.Equal([40, 12, 64, 36], images.GetColumn<float[]>("BoundingBoxes").First());
    }

    [Fact]
    public void Labels_without_images_and_images_that_share_labels_are_named()
    {
        Write("labels/train/z.txt", "1 0.5 0.5 0.25 0.5");
        Assert.Contains(
            "1 files in",
            Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromYolo(_folder.Path)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(2, _ml.Data.LoadFromYolo(_folder.Path, new LoadYoloOptions { CheckFiles = false }).GetRowCount());

        _folder.Add("images/train/a.png", DrawnPhoto.Encode(1, 64, 48));
        Assert.Contains(
            "share one file of labels",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromYolo(_folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        File.Delete(Path.Combine(_folder.Path, "data.yaml"));
        Assert.Contains(
            "has no class names",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromYolo(_folder.Path)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["x", "y"], Names(_ml.Data.LoadFromYolo(_folder.Path, new LoadYoloOptions { Classes = ["x", "y"] })));

        File.Delete(Path.Combine(_folder.Path, "labels", "train", "a.txt"));
        Assert.Contains(
            "None of the 2 images",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromYolo(_folder.Path, new() { Classes = ["x"] })).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<DirectoryNotFoundException>(() => _ml.Data.LoadFromYolo(_folder.Path, new() { Part = "val" }));
    }

    private void Write(string name, string text) => _folder.Add(name, Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string> Names(IDataView images)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        images.Schema["Label"].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
