using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Needs;
using MLNetExtensions.Training;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class LayerGroupsTests
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
    [InlineData("vit_tiny", 4)]
    public void Every_parameter_of_a_big_network_is_in_one_group(string name, int groups) => AssertGroups(BackboneCut.Cut(GoldenFiles.Architecture(name)), groups);

    [NeedsBackbones]
    [Fact]
    public void Groups_follow_the_pictures_size()
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));

        IReadOnlyList<LayerGroup> groups = LayerGroups.Find(BackboneCut.Cut(graph));

        Assert.Equal(["1: 32x32", "2: 16x16", "3: 8x8"], groups.Select(g => g.Name));
        Assert.All(groups[1].Parameters, p => Assert.StartsWith("layer2.", p));
        Assert.All(groups[2].Parameters, p => Assert.StartsWith("layer3.", p));
    }

    [NeedsBackbones]
    [Fact]
    public void The_classifier_is_a_group_of_its_own()
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));

        Assert.Equal(["linear.weight", "linear.bias"], LayerGroups.Find(graph)[^1].Parameters);
    }

    [NeedsBackbones]
    [Fact]
    public void Preprocessing_in_the_graph_changes_no_group()
    {
        Backbone backbone = Backbone.FromFile(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));
        OnnxGraph cut = BackboneCut.Cut(backbone);

        IReadOnlyList<LayerGroup> groups = LayerGroups.Find(PreprocessingGraph.Prepend(cut, backbone.Preprocessing, true, "pixels"));

        Assert.Equal(LayerGroups.Find(cut).SelectMany(g => g.Parameters), groups.SelectMany(g => g.Parameters));
        Assert.Equal(3, groups.Count);
    }

    [NeedsBackbones]
    [Fact]
    public void Known_groups_are_taken_by_the_beginnings_of_names()
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));

        IReadOnlyList<LayerGroup> groups = LayerGroups.Find(BackboneCut.Cut(graph), [["conv1", "layer1."], ["layer2.", "layer3."]]);

        Assert.Equal(2, groups.Count);
        Assert.Contains("bn1.weight", groups[0].Parameters);
        Assert.All(groups[1].Parameters, p => Assert.Matches("^layer[23]", p));
    }

    private static void AssertGroups(OnnxGraph graph, int count)
    {
        IReadOnlyList<LayerGroup> groups = LayerGroups.Find(graph);

        Assert.Equal(
            ParameterAnalysis.FindParameters(graph).Select(p => p.Name).Order(), groups.SelectMany(g => g.Parameters).Order());
        Assert.All(groups, g => Assert.NotEmpty(g.Parameters));
        if (count > 0)
            Assert.Equal(count, groups.Count);
    }
}
