using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data;

public sealed class LoadFolderTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sub_folders_are_labels_in_ordinal_order()
    {
        Add(
            "dog/1.JPG",
            "cat/b.png",
            "cat/a.jpeg",
            "Bird/x.webp",
            "cat/readme.txt",
            "cat/.hidden.jpg",
            ".git/y.jpg",
            "LICENSE.txt",
            "cat/old/c.gif"
        );
        IDataView view = _ml.Data.LoadFromImageFolder(_folder.Path);
        Assert.Equal(
            [("Bird/x.webp", "Bird"), ("cat/a.jpeg", "cat"), ("cat/b.png", "cat"), ("cat/old/c.gif", "cat"), ("dog/1.JPG", "dog")],
            Rows(view)
        );
        Assert.Equal(["ImagePath", "Label"], view.Schema.Select(column => column.Name));
        Assert.All(view.Schema, column => Assert.Equal(TextDataViewType.Instance, column.Type));
        Assert.True(view.CanShuffle);
        Assert.Equal(5, view.GetRowCount());
    }

    [Fact]
    public void A_backslash_is_part_of_a_name_where_it_separates_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It separates folders there.");
        Add(@"a\b/1.png", @"a\b/2.png", "c/1.png");
        string list = Path.Combine(_folder.Path, "list.csv");
        File.WriteAllText(list, "ImagePath,Label\na\\b/1.png,x\nc\\1.png,y\n");

        Assert.Equal([@"a\b", @"a\b", "c"], _ml.Data.LoadFromImageFolder(_folder.Path).GetColumn<string>("Label"));
        Assert.Equal(
            [Path.Combine(_folder.Path, @"a\b/1.png"), Path.Combine(_folder.Path, "c", "1.png")],
            _ml.Data.LoadFromImageList(list).GetColumn<string>("ImagePath")
        );
    }

    [Fact]
    public void What_is_left_out_is_counted_and_named()
    {
        Add("cat/a.jpg", "cat/b.TIF", "bird/0.tif", "bird/1.tif", "fox/0.jfif", "cat/notes.txt", "readme.md", "old.heic");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        var log = new List<(string Kind, string Text)>();
        _ml.Log += (_, e) => log.Add(($"{e.Kind}", e.RawMessage));

        IDataView view = _ml.Data.LoadFromImageFolder(_folder.Path);

        Assert.Equal([("cat/a.jpg", "cat"), ("fox/0.jfif", "fox")], Rows(view));
        string[] expected =
        [
            "1 .heic files were left out (1 beside the folders): this format is not read. Convert them to PNG or JPEG.",
            "3 .tif files were left out (2 in bird, 1 in cat): this format is not read. Convert them to PNG or JPEG.",
            "The folder 'bird' holds no images that are read, so that there is no class 'bird'.",
            "The folder 'empty' holds no images that are read, so that there is no class 'empty'.",
        ];
        Assert.Equal(expected.Select(line => $"'{_folder.Path}': {line}"), log.Where(l => l.Kind == "Warning").Select(l => l.Text));
        Assert.Contains(
            log,
            l => l.Kind == "Info" && l.Text.EndsWith("files that are no images were passed over: 1 .md, 1 .txt.", StringComparison.Ordinal)
        );
        // Also of a part of the view; and it stands in no saved model's way.
        DataInspection found = _ml.Vision().Inspect(_ml.Data.TakeRows(view, 1));
        Assert.Equal(expected, found.LeftOut);
        Assert.Equal(expected, found.Warnings.Take(4));
        using var saved = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CopyColumns("Path", "ImagePath").Fit(view), view.Schema, saved);
    }

    [Fact]
    public void What_patterns_exclude_is_not_missed()
    {
        Add("cat/a.jpg", "drafts/b.jpg", "drafts/c.tif");
        Assert.Empty(_ml.Vision().Inspect(_ml.Data.LoadFromImageFolder(_folder.Path, new() { Exclude = ["drafts/*"] })).LeftOut);
    }

    [Fact]
    public void Without_recursion_only_the_sub_folders_own_files_count()
    {
        Add("cat/a.jpg", "cat/old/c.jpg");
        Assert.Equal([("cat/a.jpg", "cat")], Rows(_ml.Data.LoadFromImageFolder(_folder.Path, new() { Recursive = false })));
    }

    [Fact]
    public void Linked_folders_count_and_links_that_lead_back_are_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links takes a privilege there");
        Add("photos/cat/a.jpg", "elsewhere/dog/b.jpg");
        string photos = Path.Combine(_folder.Path, "photos"),
            link = Path.Combine(photos, "cat", "up");
        Directory.CreateSymbolicLink(Path.Combine(photos, "dog"), Path.Combine(_folder.Path, "elsewhere", "dog"));
        Assert.Equal([("photos/cat/a.jpg", "cat"), ("photos/dog/b.jpg", "dog")], Rows(_ml.Data.LoadFromImageFolder(photos)));
        Directory.CreateSymbolicLink(link, "..");
        string message = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromImageFolder(photos)).Message;
        Assert.Contains($"The link '{link}' leads back to '{photos}'", message);
        Directory.Delete(link);
    }

    [Fact]
    public void File_name_prefixes_are_labels()
    {
        Add("cat.1.jpg", "dog_2.jpg", "sub/bird7.jpg", "fish.jpg", "hermit crab.jpg");
        Assert.Equal(
            [("cat.1.jpg", "cat"), ("dog_2.jpg", "dog"), ("fish.jpg", "fish"), ("hermit crab.jpg", "hermit"), ("sub/bird7.jpg", "bird")],
            Rows(_ml.Data.LoadFromImageFolder(_folder.Path, new() { LabelSource = ImageLabelSource.FileNamePrefix }))
        );
        Add("77.jpg");
        var error = Assert.Throws<InvalidDataException>(() =>
            _ml.Data.LoadFromImageFolder(_folder.Path, new() { LabelSource = ImageLabelSource.FileNamePrefix })
        );
        Assert.Contains("77.jpg' has no label", error.Message);
    }

    [Fact]
    public void Nested_folders_are_labels_by_name_or_by_path()
    {
        Add("2024/cat/a.jpg", "2024/dog/b.jpg", "2025/cat/deep/c.jpg");
        Assert.Equal(["cat", "dog", "deep"], Labels(ImageLabelSource.ParentFolderName));
        Assert.Equal(["2024/cat", "2024/dog", "2025/cat/deep"], Labels(ImageLabelSource.FolderPath));
        Assert.Contains(
            "Expected a sub-folder for each label",
            Assert
                .Throws<FileNotFoundException>(() =>
                    _ml.Data.LoadFromImageFolder(_folder.Path, new() { LabelSource = ImageLabelSource.ParentFolderName, Recursive = false })
                )
                .Message
        );

        string[] Labels(ImageLabelSource source) =>
            [.. Rows(_ml.Data.LoadFromImageFolder(_folder.Path, new() { LabelSource = source })).Select(row => row.Item2)];
    }

    [Fact]
    public void Patterns_choose_images_by_their_path()
    {
        Add("cat/a.jpg", "cat/drafts/b.jpg", "dog/c.jpg", "dog/c_mask.jpg");
        Assert.Equal(
            [("cat/a.jpg", "cat"), ("dog/c.jpg", "dog")],
            Rows(_ml.Data.LoadFromImageFolder(_folder.Path, new() { Exclude = ["*/drafts/*", "*_MASK.*"] }))
        );
        Assert.Equal([("cat/drafts/b.jpg", "cat")], Rows(_ml.Data.LoadFromImageFolder(_folder.Path, new() { Include = ["*/drafts/*"] })));
        Assert.Contains(
            "included: x*",
            Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromImageFolder(_folder.Path, new() { Include = ["x*"] })).Message
        );
    }

    [Fact]
    public void Several_folders_are_one_view()
    {
        Add("one/cat/a.jpg", "two/cat/b.jpg", "two/dog/c.jpg");
        string one = Path.Combine(_folder.Path, "one"),
            two = Path.Combine(_folder.Path, "two");
        Assert.Equal(
            [("one/cat/a.jpg", "cat"), ("two/cat/b.jpg", "cat"), ("two/dog/c.jpg", "dog")],
            Rows(_ml.Data.LoadFromImageFolder([two, one]))
        );
        Assert.Contains("overlap", Assert.Throws<ArgumentException>(() => _ml.Data.LoadFromImageFolder([one, _folder.Path])).Message);
        Assert.Contains("overlap", Assert.Throws<ArgumentException>(() => _ml.Data.LoadFromImageFolder([one, one + "/"])).Message);
        Assert.Throws<ArgumentException>(() => _ml.Data.LoadFromImageFolder([]));
    }

    [Fact]
    public void Without_labels_there_is_no_Label_column()
    {
        Add("a.jpg", "sub/b.tiff", "c.png");
        IDataView view = _ml.Data.LoadFromImageFolder(
            _folder.Path,
            new() { LabelSource = ImageLabelSource.None, Extensions = [".TIFF", "jpg"] }
        );
        Assert.Equal(["ImagePath"], view.Schema.Select(column => column.Name));
        Assert.Equal(["a.jpg", "sub/b.tiff"], view.GetColumn<string>("ImagePath").Select(Relative));
    }

    [Fact]
    public void What_is_missing_is_named_with_what_was_expected()
    {
        string none = Path.Combine(_folder.Path, "none");
        Assert.Contains($"no folder '{none}'", Error<DirectoryNotFoundException>(none));
        Assert.Contains(
            "has no sub-folders. Expected a sub-folder for each label with files (*.jpg, *.jpeg,",
            Error<DirectoryNotFoundException>(_folder.Path)
        );
        string file = _folder.Add("cat/a.txt", []);
        Assert.Contains($"'{file}' is a file", Error<DirectoryNotFoundException>(file));
        Assert.Contains($"'{_folder.Path}' holds no images", Error<FileNotFoundException>(_folder.Path));
        Add("cat/a.jpg", "stray.jpg");
        Assert.Contains("stray.jpg' has no label", Error<InvalidDataException>(_folder.Path));
        Assert.Throws<ArgumentException>(() => _ml.Data.LoadFromImageFolder(" "));

        string Error<T>(string folder)
            where T : Exception => Assert.Throws<T>(() => _ml.Data.LoadFromImageFolder(folder)).Message;
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new LoadFolderOptions();
        Assert.Equal((ImageLabelSource.FolderName, true), (options.LabelSource, options.Recursive));
        Assert.Equal(["jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "webp"], options.Extensions);
        Assert.Empty(options.Include);
        Assert.Empty(options.Exclude);
    }

    [Fact]
    public void The_view_shuffles_splits_and_feeds_images()
    {
        for (int i = 0; i < 40; i++)
            foreach (string flower in (string[])["daisy", "dandelion", "roses", "sunflowers", "tulips"])
                _folder.Add(Path.Combine(flower, $"{i}.png"), DrawnPhoto.Encode(i, 24, 16, SKEncodedImageFormat.Png));
        IDataView flowers = _ml.Data.LoadFromImageFolder(_folder.Path);
        Assert.Equal(200, flowers.GetRowCount());
        IDataView labeled = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(flowers).Transform(flowers);
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(_ml.Data.ShuffleRows(labeled), 0.9);
        using var decoder = new ImageDecoder(new ImagePreprocessing { Width = 32, Height = 32 });
        var rows = new ImageRows(split.TrainSet, decoder, new() { ImageColumnName = "ImagePath", LabelColumnName = "Label" });
        int[] labels = [.. rows.ReadBatches(8).SelectMany(batch => batch.Labels.ToArray())];
        Assert.InRange(labels.Length, 5, 40);
        Assert.NotEqual(labels.Order(), labels);
        Assert.Equal(5, rows.ClassCount);
    }

    private void Add(params string[] names)
    {
        foreach (string name in names)
            _folder.Add(name, []);
    }

    private (string, string)[] Rows(IDataView view) =>
        [.. view.GetColumn<string>("ImagePath").Select(Relative).Zip(view.GetColumn<string>("Label"))];

    private string Relative(string path)
    {
        Assert.True(Path.IsPathFullyQualified(path));
        return Path.GetRelativePath(_folder.Path, path).Replace('\\', '/');
    }
}
