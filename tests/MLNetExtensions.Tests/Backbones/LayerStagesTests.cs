using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class LayerStagesTests
{
    [NeedsBackbones]
    [Theory]
    [InlineData("mobilenetv2_1.0_224_bn.onnx", 5)]
    [InlineData("efficientnet_lite0_224_bn.onnx", 5)]
    [InlineData("squeezenet1.1_224.onnx", 4)]
    [InlineData("darknet_tiny_224_bn.onnx", 0)]
    [InlineData("resnet20_cifar10_bn.onnx", 3)]
    [InlineData("keras_export/keras_bn_depthwise.onnx", 0)]
    [InlineData("structure_only/light_densenet121.onnx", 5)]
    [InlineData("structure_only/light_inception_v1.onnx", 0)]
    [InlineData("structure_only/light_inception_v2.onnx", 0)]
    [InlineData("structure_only/light_resnet50.onnx", 5)]
    [InlineData("structure_only/light_shufflenet.onnx", 0)]
    [InlineData("structure_only/light_squeezenet.onnx", 0)]
    public void Every_parameter_is_in_one_group(string file, int groups) =>
        AssertGroups(BackboneCut.Cut(OnnxGraph.Load(SharedData.PathOf(["models", .. file.Split('/')]))), groups);

    [Theory]
    [InlineData("resnet18", 5)]
    [InlineData("efficientnet_b0", 5)]
    [InlineData("convnext_tiny", 4)]
    [InlineData("vit_tiny", 13)]
    public void Every_parameter_of_a_big_network_is_in_one_group(string name, int groups) =>
        AssertGroups(BackboneCut.Cut(GoldenNetworks.Load(name)), groups);

    [NeedsBackbones]
    [Fact]
    public void Groups_follow_the_images_size()
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));

        IReadOnlyList<LayerStage> groups = LayerStages.Find(BackboneCut.Cut(graph));

        Assert.Equal(["1: 32x32", "2: 16x16", "3: 8x8"], groups.Select(g => g.Name));
        Assert.All(groups[1].Parameters, p => Assert.StartsWith("layer2.", p));
        Assert.All(groups[2].Parameters, p => Assert.StartsWith("layer3.", p));
    }

    [NeedsBackbones]
    [Fact]
    public void The_classifier_is_a_group_of_its_own()
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));

        Assert.Equal(["linear.weight", "linear.bias"], LayerStages.Find(graph)[^1].Parameters);
    }

    [NeedsBackbones]
    [Fact]
    public void Preprocessing_in_the_graph_changes_no_group()
    {
        Backbone backbone = SharedModels.Read("resnet20_cifar10_bn");
        OnnxGraph cut = BackboneCut.Cut(backbone);

        IReadOnlyList<LayerStage> groups = LayerStages.Find(PreprocessingGraph.Prepend(cut, backbone.Preprocessing, true, "pixels"));

        Assert.Equal(LayerStages.Find(cut).SelectMany(g => g.Parameters), groups.SelectMany(g => g.Parameters));
        Assert.Equal(3, groups.Count);
    }

    [NeedsBackbones]
    [Fact]
    public void Known_groups_are_taken_by_the_beginnings_of_names()
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));

        IReadOnlyList<LayerStage> groups = LayerStages.Find(
            BackboneCut.Cut(graph),
            [
                ["conv1", "layer1."],
                ["layer2.", "layer3."],
            ]
        );

        Assert.Equal(2, groups.Count);
        Assert.Contains("bn1.weight", groups[0].Parameters);
        Assert.All(groups[1].Parameters, p => Assert.Matches("^layer[23]", p));
    }

    [Fact]
    public void Where_the_number_of_tokens_stays_a_group_is_a_block()
    {
        IReadOnlyList<LayerStage> groups = LayerStages.Find(BackboneCut.Cut(GoldenNetworks.Load("vit_tiny")));

        Assert.Contains("m.vit.embeddings.cls_token", groups[0].Parameters);
        for (int block = 0; block < 12; block++)
        {
            string prefix = $"m.vit.layers.{block}.";
            Assert.Contains(groups[block + 1].Parameters, p => p.StartsWith(prefix, StringComparison.Ordinal));
            Assert.DoesNotContain(
                groups.Where((_, i) => i != block + 1).SelectMany(g => g.Parameters),
                p => p.StartsWith(prefix, StringComparison.Ordinal)
            );
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_tokens_become_fewer_a_group_is_a_stage(bool hasClassifier)
    {
        OnnxGraph graph = Merging(hasClassifier);

        string[][] groups = [.. LayerStages.Find(graph).Select(g => g.Parameters.ToArray())];

        string[][] expected =
        [
            ["patches", "norm1", "linear1a", "linear1b"],
            ["linear2a", "linear2b"],
            ["linear3"],
            .. hasClassifier
                ?
                [
                    ["classifier"],
                ]
                : Array.Empty<string[]>(),
        ];
        Assert.Equal(expected, groups);
    }

    /// <summary>
    /// Patches of an image of 32 x 32, 64 tokens, then 16 and 4, as Swin merges them; linear layers in windows of 16 tokens in between.
    /// </summary>
    private static OnnxGraph Merging(bool hasClassifier)
    {
        var weights = new OrderedDictionary<string, OnnxTensor>();
        var nodes = new List<OnnxNode>
        {
            OnnxNode.Create("Conv", ["x", Weight("patches", 8, 3, 4, 4)], ["maps"], OnnxAttribute.Of("strides", 4L, 4L)),
        };
        string value = Add("Transpose", [Reshaped("maps", 0, 8, 64)], OnnxAttribute.Of("perm", 0L, 2L, 1L));
        value = Add("Mul", [value, Weight("norm1", 8)]);
        value = Reshaped(Add("MatMul", [Reshaped(value, -1, 16, 8), Weight("linear1a", 8, 8)]), -1, 64, 8);
        value = Reshaped(Add("MatMul", [value, Weight("linear1b", 8, 8)]), 0, 16, 32);
        value = Add("MatMul", [value, Weight("linear2a", 32, 16)]);
        value = Reshaped(Add("MatMul", [value, Weight("linear2b", 16, 16)]), 0, 4, 64);
        value = Add("MatMul", [value, Weight("linear3", 64, 32)]);
        value = Add("ReduceMean", [value], OnnxAttribute.Of("axes", [1L]), OnnxAttribute.Of("keepdims", 0L));
        if (hasClassifier)
            value = Add("MatMul", [value, Weight("classifier", 32, 5)]);
        return new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 13 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3, 32, 32)],
            Outputs = [OnnxValue.Create(value, OnnxElementType.Float, -1, hasClassifier ? 5 : 32)],
            Nodes = nodes,
            Initializers = weights,
        };

        string Weight(string name, params long[] shape)
        {
            weights[name] = OnnxTensor.FromFloats(name, shape, new float[shape.Aggregate(1L, (product, size) => product * size)]);
            return name;
        }

        string Reshaped(string from, params long[] shape)
        {
            string name = $"shape{nodes.Count}";
            weights[name] = OnnxTensor.FromInt64s(name, [shape.Length], shape);
            return Add("Reshape", [from, name]);
        }

        string Add(string opType, string[] inputs, params OnnxAttribute[] attributes)
        {
            string output = $"value{nodes.Count}";
            nodes.Add(OnnxNode.Create(opType, inputs, [output], attributes));
            return output;
        }
    }

    private static void AssertGroups(OnnxGraph graph, int count)
    {
        IReadOnlyList<LayerStage> groups = LayerStages.Find(graph);

        Assert.Equal(ParameterAnalysis.FindParameters(graph).Select(p => p.Name).Order(), groups.SelectMany(g => g.Parameters).Order());
        Assert.All(groups, g => Assert.NotEmpty(g.Parameters));
        if (count > 0)
            Assert.Equal(count, groups.Count);
    }
}
