using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Batching;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

/// <summary>
/// Networks that ONNX Runtime runs are backbones, whether each of their operators is known or not, and for one image or any number.
/// </summary>
public sealed class UnusualBackboneCutTests
{
    public static TheoryData<string> Opaque => [.. UnusualBackbones.Opaque];

    public static TheoryData<string> ForOneImage => [.. UnusualBackbones.ForOneImage];

    public static TheoryData<string> All =>
        [.. UnusualBackbones.Opaque, .. UnusualBackbones.ForOneImage, .. UnusualBackbones.Plain, "mixing images"];

    [Theory]
    [MemberData(nameof(All))]
    public void Features_are_those_of_the_file_image_by_image(string kind)
    {
        OnnxGraph graph = UnusualBackbones.Create(kind);

        OnnxGraph cut = BackboneCut.Cut(graph);

        Assert.Equal(8, cut.Outputs[0].Shape![1].Size);
        OnnxRuntimeRun.Floats images = OnnxRuntimeRun.Random(3, 3, 16, 16);
        float[] expected = [.. Enumerable.Range(0, 3).SelectMany(i => OnnxRuntimeRun.Run(FeaturesOf(graph), Row(images, i)).Values)];
        float[] actual = BatchAxis.IsOne(cut)
            ? [.. Enumerable.Range(0, 3).SelectMany(i => OnnxRuntimeRun.Run(cut, Row(images, i)).Values)]
            : OnnxRuntimeRun.Run(cut, images).Values;
        float scale = expected.Max(MathF.Abs);
        Assert.True(scale > 1e-3f);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, scale * 1e-5f));
    }

    [Theory]
    [MemberData(nameof(ForOneImage))]
    public void A_network_for_one_image_takes_several(string kind) =>
        Assert.False(BatchAxis.IsOne(BackboneCut.Cut(UnusualBackbones.Create(kind))));

    [Theory]
    [InlineData("mixing images")]
    [InlineData("dynamically quantized")]
    public void A_network_whose_images_may_mix_takes_one(string kind) =>
        Assert.True(BatchAxis.IsOne(BackboneCut.Cut(UnusualBackbones.Create(kind))));

    [Fact]
    public void Functions_are_written_as_they_were_read()
    {
        OnnxGraph graph = UnusualBackbones.Create("functions");

        OnnxGraph read = OnnxGraph.Load(new MemoryStream(graph.ToBytes()));

        Assert.Equal(graph.Functions, read.Functions);
        Assert.Equal(["ConvRelu", "ConvRelu", "GlobalAveragePool", "Flatten", "Gemm"], read.Nodes.Select(n => n.OpType));
        OnnxRuntimeRun.Floats image = OnnxRuntimeRun.Random(1, 3, 16, 16);
        Assert.Equal(OnnxRuntimeRun.Run(graph, image).Values, OnnxRuntimeRun.Run(read, image).Values);
    }

    [Fact]
    public void An_operator_that_nobody_knows_is_an_error_with_its_name()
    {
        OnnxGraph graph = UnusualBackbones.Create("newest opset");
        graph = graph with
        {
            Nodes = [.. graph.Nodes.Select(n => n.OpType == "Relu" ? n with { OpType = "Frobnicate", Domain = "local" } : n)],
        };

        Assert.Contains("Frobnicate", Assert.Throws<UnsupportedOpsException>(() => BackboneCut.Cut(graph)).Message);
    }

    // Quantized features have no value of floats in the file.
    private static OnnxGraph FeaturesOf(OnnxGraph graph) =>
        graph.Name switch
        {
            "half precision" => graph with
            {
                Nodes = [.. graph.Nodes, OnnxNode.Create("Cast", ["features"], ["f"], OnnxAttribute.Of("to", 1L))],
                Outputs = [new OnnxValue("f", OnnxElementType.Float, null)],
            },
            "quantized features" => graph with
            {
                Nodes = [.. graph.Nodes, OnnxNode.Create("DequantizeLinear", ["qf", "scale2", "zero"], ["f"])],
                Outputs = [new OnnxValue("f", OnnxElementType.Float, null)],
            },
            _ => graph with { Outputs = [new OnnxValue("features", OnnxElementType.Float, null)] },
        };

    private static OnnxRuntimeRun.Floats Row(OnnxRuntimeRun.Floats images, int row)
    {
        int size = images.Values.Length / (int)images.Shape[0];
        return new OnnxRuntimeRun.Floats([1, .. images.Shape.Skip(1)], images.Values[(row * size)..((row + 1) * size)]);
    }
}
