using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class BackboneTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backbone").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_unknown_file_gets_torchvisions_preprocessing_at_its_own_size()
    {
        Backbone backbone = Backbone.FromFile(Save(SmallNetwork.Create(-1, 3, 96, 128)));

        Assert.Equal(PreprocessingSource.Default, backbone.PreprocessingSource);
        Assert.Equal((128, 96, false), (backbone.Preprocessing.Width, backbone.Preprocessing.Height, backbone.Preprocessing.ChannelsLast));
        Assert.Equal([0.485f, 0.456f, 0.406f], backbone.Preprocessing.Mean);
        Assert.Equal(0.875f, backbone.Preprocessing.CropFraction);
        Assert.Equal("net", backbone.Name);
    }

    [Fact]
    public void An_open_size_becomes_224() =>
        Assert.Equal(224, Backbone.FromFile(Save(SmallNetwork.Create(-1, 3, -1, -1))).Preprocessing.Height);

    [NeedsBackbones]
    [Fact]
    public void Channels_last_is_seen_in_the_inputs_shape()
    {
        string path = SharedData.PathOf("models", "keras_export", "keras_bn_depthwise.onnx");

        ImagePreprocessing preprocessing = Backbone.FromFile(path).Preprocessing;

        Assert.True(preprocessing.ChannelsLast);
        Assert.Equal((32, 32), (preprocessing.Width, preprocessing.Height));
    }

    [Fact]
    public void The_files_own_metadata_wins_over_the_default()
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = 32,
            Height = 32,
            Scale = 2,
            Channels = ImageChannelOrder.Bgr,
        };
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 32, 32) with
        {
            Metadata = new Dictionary<string, string> { [PreprocessingJson.MetadataKey] = PreprocessingJson.Write(preprocessing) },
        };

        Backbone backbone = Backbone.FromFile(Save(graph));

        Assert.Equal(PreprocessingSource.ModelMetadata, backbone.PreprocessingSource);
        Assert.Equal(PreprocessingJson.Write(preprocessing), PreprocessingJson.Write(backbone.Preprocessing));
    }

    [Fact]
    public void The_argument_wins_over_the_metadata()
    {
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 32, 32) with
        {
            Metadata = new Dictionary<string, string> { [PreprocessingJson.MetadataKey] = "nonsense" },
        };
        var preprocessing = new ImagePreprocessing
        {
            Width = 32,
            Height = 32,
            Scale = 3,
        };

        Backbone backbone = Backbone.FromFile(Save(graph), preprocessing);

        Assert.Equal(PreprocessingSource.Argument, backbone.PreprocessingSource);
        Assert.Equal(3, backbone.Preprocessing.Scale);
    }

    [Fact]
    public void Unreadable_metadata_is_an_error_that_names_file_and_key()
    {
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 32, 32) with
        {
            Metadata = new Dictionary<string, string> { [PreprocessingJson.MetadataKey] = """{"width":32,"height":0}""" },
        };

        var error = Assert.Throws<FormatException>(() => Backbone.FromFile(Save(graph)));

        Assert.Contains("net.onnx", error.Message);
        Assert.Contains("32x0", error.Message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains(
            "nowhere.onnx",
            Assert.Throws<FileNotFoundException>(() => Backbone.FromFile(Path.Combine(_folder, "nowhere.onnx"))).Message
        );

    [Fact]
    public void A_file_that_is_no_model_is_named()
    {
        string path = Path.Combine(_folder, "image.onnx");
        File.WriteAllBytes(path, [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]);

        Assert.Contains("image.onnx", Assert.Throws<OnnxFormatException>(() => Backbone.FromFile(path)).Message);
    }

    [Theory]
    [InlineData(new long[] { -1, 3072 }, "no batch of images")]
    [InlineData(new long[] { -1, 2, 28, 28 }, "no dimension of 1, 3 or 4 channels")]
    public void Inputs_that_are_no_images_are_refused(long[] sizes, string expected) =>
        Assert.Contains(expected, Assert.Throws<OnnxFormatException>(() => Backbone.FromFile(Save(SmallNetwork.Create(sizes)))).Message);

    [Fact]
    public void Several_inputs_are_refused_with_their_names()
    {
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 32, 32);
        graph = graph with { Inputs = [.. graph.Inputs, OnnxValue.Create("tokens", OnnxElementType.Int64, -1, 7)] };

        Assert.Contains("tokens", Assert.Throws<OnnxFormatException>(() => Backbone.FromFile(Save(graph))).Message);
    }

    [Fact]
    public void Convolutions_take_another_size_than_the_files()
    {
        var backbone = Backbone.FromGraph(SmallNetwork.Create(-1, 3, 32, 32), new ImagePreprocessing { Width = 64, Height = 48 });

        OnnxGraph cut = BackboneCut.Cut(backbone);

        Assert.Equal([3L, 48, 64], cut.Inputs[0].Shape!.Skip(1).Select(d => d.Size!.Value));
        Assert.Equal(4, OnnxRuntimeRun.Run(cut, new OnnxRuntimeRun.Floats([1, 3, 48, 64], new float[3 * 48 * 64])).Values.Length);
    }

    [Fact]
    public void A_linear_layer_over_the_map_takes_no_other_size()
    {
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 4, 4);
        graph = graph with
        {
            Nodes =
            [
                .. graph.Nodes.Where(n => n.OpType is "Conv" or "Relu"),
                OnnxNode.Create("Flatten", ["r"], ["f"]),
                OnnxNode.Create("MatMul", ["f", "hidden.weight"], ["h"]),
                OnnxNode.Create("Gemm", ["h", "fc.weight", "fc.bias"], ["probability"], OnnxAttribute.Of("transB", 1L)),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers)
            {
                ["hidden.weight"] = OnnxTensor.FromFloats("hidden.weight", [16, 4], new float[64]),
            },
        };

        var error = Assert.Throws<OnnxFormatException>(() =>
            BackboneCut.Cut(Backbone.FromGraph(graph, new ImagePreprocessing { Width = 8, Height = 8 }))
        );

        Assert.Contains("4x4", error.Message);
        Assert.Contains("8x8", error.Message);
    }

    [Fact]
    public void An_unknown_feature_node_is_refused() =>
        Assert.Contains(
            "'middle'",
            Assert
                .Throws<ArgumentException>(() => Backbone.FromFile(Save(SmallNetwork.Create(-1, 3, 32, 32)), featureNode: "middle"))
                .Message
        );

    private string Save(OnnxGraph graph)
    {
        string path = Path.Combine(_folder, "net.onnx");
        graph.Save(path);
        return path;
    }
}
