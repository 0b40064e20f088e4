using MLNetExtensions.TestData;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Tasks;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Tasks;

/// <summary>What is found by looking at a folder.</summary>
public sealed class AnnotationSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_of_parts_are_told_by_their_names()
    {
        foreach (string part in new[] { "train", "val", "test" })
            Add($"annotations/instances_{part}.json", $$"""{"images": [{"id": 1, "file_name": "{{part}}.jpg"}], "annotations": []}""");
        Add("images/train.jpg");

        AnnotationPlaces found = Find(VisionTask.Detect);

        Assert.Equal("instances_train.json", Path.GetFileName(found.Train.Path));
        Assert.Equal("instances_val.json", Path.GetFileName(found.Validation!.Path));
        Assert.Equal("instances_test.json", Path.GetFileName(found.Test!.Path));
        Assert.Equal(Path.Combine(_folder.Path, "images"), found.Train.Images);
    }

    [Fact]
    public void A_VoTT_file_is_told_from_a_COCO_file()
    {
        Add("export/signs.json", """{"name": "signs", "assets": {}}""");

        Assert.Equal(AnnotationFormat.Vott, Find(VisionTask.Detect, "export/signs.json").Train.Format);
    }

    [Theory]
    [InlineData("labels/train/a.txt", "labels/val/a.txt", "images/train/a.jpg", "Yolo", "train", "val")]
    [InlineData("labels/a.txt", "images/a.jpg", "data.yaml", "Yolo", null, null)]
    [InlineData("Annotations/a.xml", "JPEGImages/a.jpg", "README", "PascalVoc", null, null)]
    public void Folders_of_boxes_are_found(string a, string b, string c, string format, string? part, string? validation)
    {
        foreach (string file in new[] { a, b, c })
            Add(file);

        AnnotationPlaces found = Find(VisionTask.Detect);

        Assert.Equal(format, found.Train.Format.ToString());
        Assert.Equal(part, found.Train.Part);
        Assert.Equal(validation, found.Validation?.Part);
    }

    [Fact]
    public void Pascal_VOCs_lists_are_parts()
    {
        foreach (string file in new[] { "Annotations/a.xml", "JPEGImages/a.jpg", "ImageSets/Main/train.txt", "ImageSets/Main/val.txt" })
            Add(file);

        AnnotationPlaces found = Find(VisionTask.Detect);

        Assert.Equal("train.txt", Path.GetFileName(found.Train.ImageSet));
        Assert.Equal("val.txt", Path.GetFileName(found.Validation!.ImageSet));
    }

    [Fact]
    public void Sub_folders_of_parts_have_masks_each()
    {
        foreach (string part in new[] { "train", "test" })
        {
            Add($"{part}/images/a.jpg");
            Add($"{part}/masks/a.png");
        }

        AnnotationPlaces found = Find(VisionTask.Segment);

        Assert.Equal(Path.Combine(_folder.Path, "train", "masks"), found.Train.Path);
        Assert.Equal(Path.Combine(_folder.Path, "test", "images"), found.Test!.Images);
        Assert.Null(found.Validation);
    }

    [Theory]
    [InlineData("Detect", "a.jpg", "has no boxes")]
    [InlineData("Segment", "a.jpg", "has no masks")]
    [InlineData("Detect", "a.json", "has no boxes")]
    public void Nothing_is_an_error_that_says_what_was_looked_for(string task, string file, string expected)
    {
        Add(file, "{}");

        var error = Assert.Throws<UsageException>(() => Find(Enum.Parse<VisionTask>(task)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("It must be", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_files_that_no_name_tells_apart_are_an_error()
    {
        foreach (string name in new[] { "a", "b" })
            Add($"{name}.json", """{"images": [], "annotations": []}""");

        Assert.Contains("a.json, b.json", Assert.Throws<UsageException>(() => Find(VisionTask.Detect)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        Add("train.json", """{"images": [""");

        Assert.Contains("is not JSON", Assert.Throws<UsageException>(() => Find(VisionTask.Detect, "train.json")).Message);
    }

    private AnnotationPlaces Find(VisionTask task, string name = "") =>
        AnnotationSearch.Find(new AnnotationRequest(task, Path.Combine(_folder.Path, name), "the folder"));

    private void Add(string name, string text = "") => _folder.Add(name, System.Text.Encoding.UTF8.GetBytes(text));
}
