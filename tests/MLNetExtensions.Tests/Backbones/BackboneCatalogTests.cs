using System.Text;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Needs;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class BackboneCatalogTests
{
    [Fact]
    public void Every_entry_is_complete_and_unique()
    {
        IReadOnlyList<BackboneInfo> entries = Backbone.Catalog;

        Assert.True(entries.Count >= 60);
        Assert.Equal(entries.Count, entries.Select(e => e.Name).Distinct().Count());
        Assert.Equal(entries.Count, entries.Select(e => e.Sha256).Distinct().Count());
        Assert.All(
            entries,
            entry =>
            {
                Assert.Matches("^[0-9a-f]{64}$", entry.Sha256);
                Assert.InRange(entry.Size, 1, int.MaxValue);
                Assert.Equal(entry.FileName, Path.GetFileName(entry.FileName));
                Assert.True(entry.Uris.Count > 0 || entry.Package is not null || entry.Name == "cifarnet_cifar10");
                Assert.All(entry.Uris, uri => Assert.Equal(Uri.UriSchemeHttps, uri.Scheme));
            }
        );
    }

    [NeedsBackbones]
    [Fact]
    public void The_zoos_hashes_and_sizes_are_those_of_its_list()
    {
        string list = SharedData.PathOf("models", "zoo", "classification_models.tsv");
        ILookup<string, string[]> byHash = File.ReadLines(list).Skip(1).Select(l => l.Split('\t')).ToLookup(c => c[3]);

        Assert.All(
            Backbone.Catalog.Where(e => e.Uris.Count > 0),
            entry =>
                Assert.Contains(
                    byHash[entry.Sha256],
                    columns => entry.Uris[0].AbsoluteUri.EndsWith(columns[2]) && columns[4] == entry.Size.ToString()
                )
        );
    }

    [Fact]
    public void The_backbone_of_this_repository_is_in_the_catalog()
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "pretrained");
        Backbone backbone = Backbone.FromCatalog("cifarnet_cifar10", folder);
        Assert.Equal(125.307f, backbone.Preprocessing.Mean[0]);
        Assert.Equal(backbone.Graph.ToBytes(), Backbone.FromCatalog("cifarnet_cifar10").Graph.ToBytes()); // it is in the assembly too
        Assert.InRange(new FileInfo(Path.Combine(folder, "cifarnet_cifar10.onnx")).Length, 1, 2_000_000);
    }

    [Fact]
    public void A_file_that_is_not_in_the_cache_is_an_error_that_says_how_to_get_it()
    {
        string folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));

        var error = Assert.Throws<FileNotFoundException>(() => Backbone.FromCatalog("resnet18-v1-7", folder));

        Assert.Contains("DownloadAsync", error.Message);
        Assert.Contains(Path.Combine(folder, "resnet18-v1-7.onnx"), error.Message);
        Assert.Contains(Backbone.Catalog.Single(e => e.Name == "resnet18-v1-7").Sha256, error.Message);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Another_file_under_the_entrys_name_is_refused()
    {
        string folder = Directory.CreateTempSubdirectory("catalog").FullName;
        File.WriteAllText(Path.Combine(folder, "resnet18-v1-7.onnx"), "version https://git-lfs.github.com/spec/v1");

        var error = Assert.Throws<InvalidDataException>(() => Backbone.FromCatalog("resnet18-v1-7", folder));

        Assert.Contains("SHA-256", error.Message);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("../net.onnx")]
    [InlineData("/etc/net.onnx")]
    [InlineData("..")]
    [InlineData("")]
    public void A_file_outside_of_its_folder_is_refused(string file)
    {
        using var json = new MemoryStream(
            System.Text.Encoding.UTF8.GetBytes(
                $$"""
                {"preprocessings":{"p":{"width":8,"height":8} },
                 "backbones":[{"name":"net","file":"{{file}}","sha256":"0","size":1,"license":"MIT","preprocessing":"p"}]}
                """
            )
        );

        Assert.Contains($"the file '{file}'", Assert.Throws<FormatException>(() => BackboneCatalog.Read(json)).Message);
    }

    [Fact]
    public void An_unknown_name_gets_those_that_are_alike() =>
        Assert.Contains("resnet152-v2-7", Assert.Throws<ArgumentException>(() => Backbone.FromCatalog("resnet152", ".")).Message);

    [Fact]
    public void Entries_may_be_for_gray_images_or_such_with_alpha()
    {
        const string json = """
            {"preprocessings":{
                "digits":{"width":28,"height":28,"channels":"gray","cropFraction":1,"scale":1,"mean":[0],"standardDeviation":[1]},
                "icons":{"width":32,"height":32,"channels":"rgba"}},
             "backbones":[
                {"name":"a","file":"a.onnx","sha256":"0000000000000000000000000000000000000000000000000000000000000000","size":1,"license":"MIT","preprocessing":"digits"},
                {"name":"b","file":"b.onnx","sha256":"0000000000000000000000000000000000000000000000000000000000000000","size":1,"license":"MIT","preprocessing":"icons"}]}
            """;

        IReadOnlyList<BackboneInfo> entries = BackboneCatalog.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));

        Assert.Equal((ImageChannelOrder.Gray, 1), (entries[0].Preprocessing.Channels, entries[0].Preprocessing.ChannelCount));
        Assert.Equal([0.485f, 0.456f, 0.406f, 0.449f], entries[1].Preprocessing.Mean);
        string wrong = json.Replace("\"mean\":[0]", "\"mean\":[0,0,0]", StringComparison.Ordinal);
        Assert.Contains(
            "of 1 channel (Gray)",
            Assert.Throws<FormatException>(() => BackboneCatalog.Read(new MemoryStream(Encoding.UTF8.GetBytes(wrong)))).Message
        );
    }

    [Theory]
    [InlineData("""{"preprocessings":{"p":null},"backbones":[]}""", "'p' is null")]
    [InlineData("""{"preprocessings":{},"backbones":[null]}""", "entry 0 is null")]
    [InlineData("""{"preprocessings":{},"backbones":[{"name":"a"}]}""", "cannot be read")]
    [InlineData("""{"preprocessings":{"p":{"width":2147483647,"height":2}},"backbones":[]}""", "16384")]
    [InlineData("""{"preprocessings":{"p":{"width":224,"height":224,"cropFraction":0.0002}},"backbones":[]}""", "16777216 pixels")]
    public void What_cannot_be_is_named(string json, string named) =>
        Assert.Contains(
            named,
            Assert.Throws<FormatException>(() => BackboneCatalog.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_dangling_preprocessing_is_named()
    {
        const string json =
            """{"preprocessings":{},"backbones":[{"name":"a","file":"a.onnx","sha256":"0000000000000000000000000000000000000000000000000000000000000000","size":1,"license":"MIT","preprocessing":"b"}]}""";

        Assert.Contains(
            "'a'",
            Assert.Throws<FormatException>(() => BackboneCatalog.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)))).Message
        );
    }
}
