using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class LayerBlocksTests
{
    [Theory]
    [InlineData("resnet18", 9)] // the stem and 8 residual blocks
    [InlineData("vit_tiny", 13)] // patches and 12 blocks
    [InlineData("convnext_tiny", 22)] // the stem, 18 blocks, 3 strided convolutions between stages
    [InlineData("efficientnet_b0", 15)] // the stem, 9 residual blocks, and what lies between and behind them
    public void Blocks_are_found_in_the_graph(string name, int blocks) => AssertBlocks(BackboneCut.Cut(GoldenNetworks.Load(name)), blocks);

    [NeedsBackbones]
    [Theory]
    [InlineData("mobilenetv2_1.0_224_bn.onnx", 16)]
    [InlineData("resnet20_cifar10_bn.onnx", 10)]
    [InlineData("structure_only/light_resnet50.onnx", 17)]
    [InlineData("structure_only/light_densenet121.onnx", 62)]
    [InlineData("squeezenet1.1_224.onnx", 16)] // the stem, 8 pairs of convolutions, and the convolution before each but the first
    public void Blocks_of_the_seeds_networks_are_found(string file, int blocks) =>
        AssertBlocks(BackboneCut.Cut(OnnxGraph.Load(SharedData.PathOf(["models", .. file.Split('/')]))), blocks);

    [NeedsBackbones]
    [Fact]
    public void A_residual_block_is_a_group()
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));

        IReadOnlyList<LayerStage> blocks = LayerStages.FindBlocks(BackboneCut.Cut(graph));

        Assert.All(blocks[1].Parameters, p => Assert.StartsWith("layer1.0.", p));
        Assert.All(blocks[4].Parameters, p => Assert.StartsWith("layer2.0.", p));
        Assert.All(blocks[9].Parameters, p => Assert.StartsWith("layer3.2.", p));
    }

    private static void AssertBlocks(OnnxGraph graph, int count)
    {
        IReadOnlyList<LayerStage> blocks = LayerStages.FindBlocks(graph);
        Assert.Equal(
            ParameterAnalysis.FindParameters(graph).Select(p => p.Name).Order(StringComparer.Ordinal),
            blocks.SelectMany(b => b.Parameters).Order(StringComparer.Ordinal)
        );
        Assert.Equal(count, blocks.Count);
    }
}
