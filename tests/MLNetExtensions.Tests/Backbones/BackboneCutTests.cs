using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class BackboneCutTests
{
    [NeedsBackbones]
    [Theory]
    [InlineData("mobilenetv2_1.0_224_bn.onnx", "flatten_221", 1280)]
    [InlineData("efficientnet_lite0_224_bn.onnx", "/Reshape_output_0", 1280)]
    [InlineData("squeezenet1.1_224.onnx", "fire9/concat_1", 512)]
    [InlineData("darknet_tiny_224_bn.onnx", "leakyrelu_49", 128)]
    [InlineData("resnet20_cifar10_bn.onnx", "flatten_72", 64)]
    [InlineData("keras_export/keras_bn_depthwise.onnx", "functional_1_1/global_average_pooling2d_1/Mean_Squeeze__42:0", 0)]
    public void Features_are_what_the_classifier_reads(string file, string value, int size)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf(["models", .. file.Split('/')]));
        OnnxGraph original = graph with { Outputs = [new OnnxValue(value, OnnxElementType.Float, null)] };

        OnnxGraph cut = BackboneCut.Cut(graph);

        OnnxRuntimeRun.Floats image = Image(cut, 2);
        OnnxRuntimeRun.Floats features = OnnxRuntimeRun.Run(cut, image);
        OnnxRuntimeRun.Floats expected = OnnxRuntimeRun.Run(original, image);
        Assert.Equal([2, size > 0 ? size : features.Shape[1]], features.Shape);
        Assert.Equal(cut.Outputs[0].Shape![1].Size, features.Shape[1]);
        Assert.Equal(BackboneCut.FeaturesName, cut.Outputs[0].Name);
        AssertClose(Averages(expected), features.Values);
        Assert.DoesNotContain(cut.Nodes, n => n.OpType is "Gemm" or "MatMul" or "Softmax");
    }

    [NeedsBackbones]
    [Theory]
    [InlineData("light_densenet121.onnx", 1024)]
    [InlineData("light_inception_v1.onnx", 1024)]
    [InlineData("light_inception_v2.onnx", 1024)]
    [InlineData("light_resnet50.onnx", 2048)]
    [InlineData("light_shufflenet.onnx", 544)]
    [InlineData("light_squeezenet.onnx", 512)]
    public void A_graph_for_one_image_takes_several(string file, int size)
    {
        OnnxGraph cut = BackboneCut.Cut(OnnxGraph.Load(SharedData.PathOf("models", "structure_only", file)));

        OnnxRuntimeRun.Floats two = Image(cut, 2);
        OnnxRuntimeRun.Floats features = OnnxRuntimeRun.Run(cut, two);

        Assert.Equal([2, size], features.Shape);
        var second = new OnnxRuntimeRun.Floats([1, .. two.Shape.Skip(1)], two.Values[(two.Values.Length / 2)..]);
        AssertClose(OnnxRuntimeRun.Run(cut, second).Values, features.Values[size..]);
    }

    [NeedsBackbones]
    [Theory]
    [InlineData("light_bvlc_alexnet.onnx", 4096)]
    [InlineData("light_zfnet512.onnx", 1024)]
    public void Several_linear_layers_stay_but_the_last(string file, int size)
    {
        OnnxGraph cut = BackboneCut.Cut(OnnxGraph.Load(SharedData.PathOf("models", "structure_only", file)));

        Assert.Equal(size, cut.Outputs[0].Shape![1].Size);
        Assert.Equal(2, cut.Nodes.Count(n => n.OpType == "Gemm"));
        Assert.Equal("Relu", cut.Nodes[^1].OpType);
    }

    [Theory]
    [InlineData("resnet18", 512)]
    [InlineData("efficientnet_b0", 1280)]
    [InlineData("convnext_tiny", 768)]
    [InlineData("vit_tiny", 192)]
    public void Networks_of_the_current_exporter(string name, int size)
    {
        OnnxGraph cut = BackboneCut.Cut(GoldenNetworks.Load(name));

        Assert.Equal([2, size], OnnxRuntimeRun.Run(cut, Image(cut, 2)).Shape);
    }

    [Fact]
    public void A_named_node_is_where_it_is_cut()
    {
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 8, 8);

        OnnxGraph cut = BackboneCut.Cut(graph, "r");

        Assert.Equal(["Conv", "Relu", "GlobalAveragePool", "Flatten"], cut.Nodes.Select(n => n.OpType));
        OnnxRuntimeRun.Floats image = OnnxRuntimeRun.Random(2, 3, 8, 8);
        AssertClose(
            OnnxRuntimeRun.Run(graph with { Outputs = [new OnnxValue("f", OnnxElementType.Float, null)] }, image).Values,
            OnnxRuntimeRun.Run(cut, image).Values
        );
    }

    [Fact]
    public void Tokens_are_averaged()
    {
        OnnxGraph graph = OnnxGraph.Load(GoldenFiles.PathOf("training", "vit_tiny.onnx"));
        const string tokens = "/norm/LayerNormalization_output_0";

        OnnxGraph cut = BackboneCut.Cut(graph, tokens);

        OnnxRuntimeRun.Floats image = Image(cut, 2);
        OnnxRuntimeRun.Floats all = OnnxRuntimeRun.Run(
            graph with
            {
                Outputs = [new OnnxValue(tokens, OnnxElementType.Float, null)],
            },
            image
        );
        (int count, int size) = ((int)all.Shape[1], (int)all.Shape[2]);
        float[] means =
        [
            .. Enumerable
                .Range(0, 2 * size)
                .Select(i => Enumerable.Range(0, count).Average(t => all.Values[(i / size * count + t) * size + i % size])),
        ];
        AssertClose(means, OnnxRuntimeRun.Run(cut, image).Values);
    }

    [Fact]
    public void A_graph_that_ends_in_features_stays_whole()
    {
        OnnxGraph graph = BackboneCut.Cut(SmallNetwork.Create(-1, 3, 8, 8));
        OnnxGraph withBlock = graph with
        {
            Nodes = [.. graph.Nodes, OnnxNode.Create("Mul", ["features", "features"], ["squares"])],
            Outputs = [OnnxValue.Create("squares", OnnxElementType.Float, -1, 4)],
        };

        Assert.Equal(["Conv", "Relu", "GlobalAveragePool", "Flatten", "Mul"], BackboneCut.Cut(withBlock).Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void Nothing_unused_is_left()
    {
        OnnxGraph cut = BackboneCut.Cut(SmallNetwork.Create(1, 3, 8, 8));

        Assert.Equal(["conv.weight", "conv.bias"], cut.Initializers.Keys);
        Assert.Equal("batch", cut.Inputs[0].Shape![0].Name);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(-1, 52)]
    public void A_graph_that_cannot_take_several_images_is_refused(long first, long second)
    {
        OnnxGraph graph = SmallNetwork.Create(1, 3, 8, 8);
        graph = graph with
        {
            Nodes = [.. graph.Nodes.Select(n => n.OpType == "Flatten" ? OnnxNode.Create("Reshape", ["p", "shape"], ["f"]) : n)],
            Initializers = new Dictionary<string, OnnxTensor>(graph.Initializers)
            {
                ["shape"] = OnnxTensor.FromInt64s("shape", [2], [first, second]),
            },
        };

        Assert.Contains("dynamic batch", Assert.Throws<OnnxFormatException>(() => BackboneCut.Cut(graph)).Message);
    }

    [Fact]
    public void A_reshape_for_one_image_is_opened()
    {
        OnnxGraph graph = SmallNetwork.Create(1, 3, 8, 8);
        graph = graph with
        {
            Nodes = [.. graph.Nodes.Select(n => n.OpType == "Flatten" ? OnnxNode.Create("Reshape", ["p", "shape"], ["f"]) : n)],
            Initializers = new Dictionary<string, OnnxTensor>(graph.Initializers)
            {
                ["shape"] = OnnxTensor.FromInt64s("shape", [2], [1, 4]),
            },
        };

        OnnxGraph cut = BackboneCut.Cut(graph);

        Assert.Equal([3, 4], OnnxRuntimeRun.Run(cut, OnnxRuntimeRun.Random(3, 3, 8, 8)).Shape);
    }

    internal static OnnxRuntimeRun.Floats Image(OnnxGraph graph, int count) =>
        OnnxRuntimeRun.Random([count, .. graph.Inputs[0].Shape!.Skip(1).Select(d => d.Size ?? 224)]);

    private static float[] Averages(OnnxRuntimeRun.Floats maps)
    {
        if (maps.Shape.Length == 2)
            return maps.Values;
        int area = (int)(maps.Shape[2] * maps.Shape[3]);
        return [.. maps.Values.Chunk(area).Select(map => map.Average())];
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float scale = expected.Max(MathF.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f * scale + 1e-7f);
    }
}
