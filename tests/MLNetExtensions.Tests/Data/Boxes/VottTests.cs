using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using Xunit;

namespace MLNetExtensions.Tests.Data.Boxes;

public sealed class VottTests : IDisposable
{
    // As VoTT 2.2 exports it, with an image that lies elsewhere now.
    private const string Good = """
        {
          "name": "signs", "securityToken": "t", "version": "2.2.0",
          "assets": {
            "id1": {
              "asset": {"format": "jpg", "id": "id1", "name": "a b.jpg", "path": "file:/moved/a%20b.jpg", "size": {"width": 64, "height": 48}, "state": 2, "type": 1},
              "regions": [
                {"id": "r1", "type": "RECTANGLE", "tags": ["stop"], "boundingBox": {"height": 12.5, "width": 10, "left": 4, "top": 6}, "points": [{"x": 4, "y": 6}]},
                {"id": "r2", "type": "POLYGON", "tags": ["go"], "boundingBox": {"height": 48, "width": 64, "left": 0, "top": 0}, "points": []}
              ],
              "version": "2.2.0"
            },
            "id2": {"asset": {"name": "b.jpg", "path": "file:BESIDE", "size": {"width": 64, "height": 48}}, "regions": []}
          },
          "tags": [{"name": "stop", "color": "#5db300"}, {"name": "go", "color": "#e81123"}]
        }
        """;

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public VottTests()
    {
        foreach (string name in new[] { "a b.jpg", "other/b.jpg" })
            _folder.Add(name, DrawnPhoto.Encode(name[0], 64, 48));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_the_images_with_their_boxes()
    {
        IDataView images = _ml.Data.LoadFromVott(Write(Good));

        Assert.Equal(
            [Path.Combine(_folder.Path, "a b.jpg"), Path.Combine(_folder.Path, "other", "b.jpg")],
            images.GetColumn<string>("ImagePath")
        );
        VBuffer<ReadOnlyMemory<char>> names = default;
        images.Schema["Label"].GetKeyValues(ref names);
        Assert.Equal(["stop", "go"], names.DenseValues().Select(name => name.ToString()));
        Assert.Equal(
            [
                [1u, 2u],
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
                [false, false],
                [],
            ],
            images.GetColumn<bool[]>("IsCrowd")
        );
    }

    [Fact]
    public void A_folder_of_images_takes_precedence()
    {
        string file = Write(Good);

        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() =>
            _ml.Data.LoadFromVott(file, new LoadVottOptions { ImageFolder = Path.Combine(_folder.Path, "other") })
        );

        Assert.Contains("1 of the 2 images", error.Message, StringComparison.Ordinal);
        Assert.Contains("LoadVottOptions.ImageFolder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\"stop\"]", "[\"stop\", \"go\"]", "region 'r1' of 'a b.jpg' has 2 tags. Expected one")]
    [InlineData("[\"stop\"]", "[]", "region 'r1' of 'a b.jpg' has 0 tags. Expected one")]
    [InlineData("[\"stop\"]", "[\"yield\"]", "has the tag 'yield', which is none of the file's (stop, go)")]
    [InlineData("\"left\": 4,", "", "region 'r1' of 'a b.jpg' has no boundingBox")]
    [InlineData("\"left\": 4,", "\"left\": 60,", "region 'r1' of 'a b.jpg' has the box (60, 6, 70, 18.5), which reaches over the edge")]
    [InlineData("\"assets\"", "\"images\"", "it has no assets")]
    [InlineData("\"tags\": [{", "\"labels\": [{", "names no classes")]
    [InlineData("\"name\": \"go\"", "\"name\": \"stop\"", "names the class 'stop' twice")]
    [InlineData("\"name\": \"a b.jpg\",", "", "'id1' of its assets has no name")]
    [InlineData("\"assets\": {", "\"assets\": 3, \"x\": {", "is not VoTT's JSON")]
    public void A_wrong_file_is_named_with_the_place(string part, string changed, string expected)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        string file = Write(Good.Replace(part, changed, StringComparison.Ordinal));

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromVott(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private string Write(string json) =>
        _folder.Add(
            "signs-export.json",
            Encoding.UTF8.GetBytes(
                json.Replace("BESIDE", Path.Combine(_folder.Path, "other", "b.jpg").Replace('\\', '/'), StringComparison.Ordinal)
            )
        );
}
