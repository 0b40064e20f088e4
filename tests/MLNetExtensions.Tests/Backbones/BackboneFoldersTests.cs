using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class BackboneFoldersTests : IDisposable
{
    private const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";

    private readonly string _folder = Directory.CreateTempSubdirectory("backbones").FullName;

    private static string Own { get; } = Path.Combine(SharedData.RepositoryRoot, "pretrained", "cifarnet_cifar10.onnx");

    // Its metadata state no preprocessing, and its hash is not the catalog's.
    private string Unknown { get; }

    private static ImagePreprocessing Preprocessing { get; } =
        new()
        {
            Width = 32,
            Height = 32,
            CropFraction = 1,
            Channels = ImageChannelOrder.Bgr,
            Scale = 1,
            Mean = [1, 2, 3],
            StandardDeviation = [4, 5, 6],
        };

    public BackboneFoldersTests()
    {
        var graph = OnnxGraph.Load(Own);
        Unknown = Path.Combine(_folder, "mine.onnx");
        new OnnxGraph
        {
            Opsets = graph.Opsets,
            Inputs = graph.Inputs,
            Outputs = graph.Outputs,
            Nodes = graph.Nodes,
            Initializers = graph.Initializers,
        }.Save(Unknown);
    }

    [Fact]
    public void An_added_file_is_known_by_its_name_and_its_hash()
    {
        string store = Path.Combine(_folder, "store");
        BackboneInfo entry = BackboneFolders.Add(Unknown, Preprocessing, "MIT", folder: store);

        Assert.Equal(("mine", "mine.onnx", "MIT"), (entry.Name, entry.FileName, entry.License));
        Assert.Equal(File.ReadAllBytes(Unknown), File.ReadAllBytes(Path.Combine(store, "mine.onnx")));
        Backbone read = Backbone.FromFile(Path.Combine(store, "mine.onnx"));
        Assert.Equal(PreprocessingSource.Catalog, read.PreprocessingSource);
        Assert.Equal("mine", read.Name);
        Assert.Equal("MIT", read.License);
        Assert.Equal(ImageChannelOrder.Bgr, read.Preprocessing.Channels);
        Assert.Equal([4f, 5f, 6f], read.Preprocessing.StandardDeviation);
    }

    [Fact]
    public void A_second_file_keeps_the_first()
    {
        BackboneFolders.Add(Unknown, Preprocessing, "MIT", folder: _folder);
        BackboneFolders.Add(Own, null, "MIT", name: "own", folder: _folder);

        Assert.Equal(["mine", "own"], FolderCatalog.Read(_folder).Select(e => e.Name));
        Assert.Equal("own", Backbone.FromFile(Path.Combine(_folder, "own.onnx")).Name);
    }

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        BackboneFolders.Add(Unknown, Preprocessing, "MIT", folder: _folder);

        foreach (string name in (string[])["mine", "resnet18-v1-7"])
        {
            var error = Assert.Throws<ArgumentException>(() => BackboneFolders.Add(Own, null, "MIT", name, folder: _folder));
            Assert.Contains($"'{name}' already", error.Message);
        }
    }

    [Fact]
    public void A_file_without_preprocessing_is_not_guessed_at()
    {
        var error = Assert.Throws<ArgumentException>(() => BackboneFolders.Add(Unknown, null, "MIT", folder: Path.Combine(_folder, "new")));

        Assert.Contains("does not state its preprocessing", error.Message);
        Assert.False(Directory.Exists(Path.Combine(_folder, "new")));
    }

    [Fact]
    public void A_broken_list_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "backbones.json"), "{");

        Assert.Contains("backbones.json", Assert.Throws<FormatException>(() => Backbone.FromFile(Unknown)).Message);
    }

    [Fact]
    public void A_package_that_is_not_referenced_is_an_error_that_says_how_to_add_it()
    {
        Assert.Contains("dotnet add package " + Package, Assert.Throws<FileNotFoundException>(() => Backbone.FromPackage(Package)).Message);
        Assert.Contains(Package, Assert.Throws<ArgumentException>(() => Backbone.FromPackage("Newtonsoft.Json")).Message);
    }

    [Fact]
    public void A_file_is_found_in_the_folder_that_is_named()
    {
        BackboneInfo own = Backbone.Catalog.Single(e => e.Name == "cifarnet_cifar10");

        Assert.Equal(Own, BackboneFolders.FindFile(own, Path.GetDirectoryName(Own)));
        File.WriteAllText(Path.Combine(_folder, own.FileName), "cut short");
        Assert.NotEqual(Path.Combine(_folder, own.FileName), BackboneFolders.FindFile(own, _folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
