using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using MLNetExtensions.Training;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class GraphSplitTests
{
    [NeedsBackbones]
    [Theory]
    [InlineData("mobilenetv2_1.0_224_bn.onnx", 0)]
    [InlineData("mobilenetv2_1.0_224_bn.onnx", 2)]
    [InlineData("efficientnet_lite0_224_bn.onnx", 0)]
    [InlineData("efficientnet_lite0_224_bn.onnx", 2)]
    [InlineData("efficientnet_lite0_224_bn.onnx", 4)]
    [InlineData("keras_export/keras_bn_depthwise.onnx", 1)]
    [InlineData("structure_only/light_shufflenet.onnx", 1)]
    public void The_parts_make_what_the_whole_makes(string file, int trainedGroups)
    {
        OnnxGraph backbone = BackboneCut.Cut(OnnxGraph.Load(SharedData.PathOf(["models", .. file.Split('/')])));
        OnnxGraph whole = WithHead(backbone);
        string[] trainable =
        [
            .. ClassificationHead.Parameters,
            .. LayerStages.Find(backbone).TakeLast(trainedGroups).SelectMany(g => g.Parameters),
        ];

        GraphParts parts = GraphSplit.Split(whole, trainable);

        Assert.NotNull(parts.Prefix);
        Assert.All(parts.Suffix.Inputs, i => Assert.Equal("batch", i.Shape![0].Name));
        Assert.Empty(ParameterAnalysis.FindParameters(parts.Prefix).Select(p => p.Name).Intersect(trainable));
        Assert.Subset(ParameterAnalysis.FindParameters(parts.Suffix).Select(p => p.Name).ToHashSet(), trainable.ToHashSet());
        OnnxRuntimeRun.Floats image = BackboneCutTests.Image(whole, 2);
        Dictionary<string, OnnxRuntimeRun.Floats> between = OnnxRuntimeRun.Run(
            parts.Prefix,
            new Dictionary<string, OnnxRuntimeRun.Floats> { [whole.Inputs[0].Name] = image }
        );
        Assert.Equal(between.Keys, parts.Suffix.Inputs.Select(i => i.Name));
        Assert.All(between.Values, v => Assert.Equal(2, v.Shape[0]));
        Assert.Equal(
            OnnxRuntimeRun.Run(whole, image).Values,
            OnnxRuntimeRun.Run(parts.Suffix, between)[parts.Suffix.Outputs[0].Name].Values
        );
    }

    [Fact]
    public void Tokens_behind_a_class_token()
    {
        OnnxGraph backbone = BackboneCut.Cut(OnnxGraph.Load(GoldenFiles.PathOf("training", "vit_tiny.onnx")));
        string[] trainable = [.. LayerStages.Find(backbone).TakeLast(2).SelectMany(g => g.Parameters)];

        GraphParts parts = GraphSplit.Split(backbone, trainable);

        OnnxRuntimeRun.Floats image = BackboneCutTests.Image(backbone, 3);
        Dictionary<string, OnnxRuntimeRun.Floats> between = OnnxRuntimeRun.Run(
            parts.Prefix!,
            new Dictionary<string, OnnxRuntimeRun.Floats> { [backbone.Inputs[0].Name] = image }
        );
        Assert.Equal(between.Keys, parts.Suffix.Inputs.Select(i => i.Name));
        Assert.Equal(
            OnnxRuntimeRun.Run(backbone, image).Values,
            OnnxRuntimeRun.Run(parts.Suffix, between)[parts.Suffix.Outputs[0].Name].Values
        );
    }

    [Fact]
    public void With_the_head_alone_the_features_pass()
    {
        GraphParts parts = GraphSplit.Split(WithHead(BackboneCut.Cut(SmallNetwork.Create(-1, 3, 8, 8))), ClassificationHead.Parameters);

        // The head standardizes before its first parameter.
        Assert.Equal([new OnnxDimension(null, "batch"), new OnnxDimension(4)], Assert.Single(parts.Suffix.Inputs).Shape!);
        Assert.Equal(["Gemm"], parts.Suffix.Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void With_everything_trained_there_is_no_prefix()
    {
        OnnxGraph whole = WithHead(BackboneCut.Cut(SmallNetwork.Create(-1, 3, 8, 8)));

        GraphParts parts = GraphSplit.Split(whole, [.. ParameterAnalysis.FindParameters(whole).Select(p => p.Name)]);

        Assert.Null(parts.Prefix);
        Assert.Equal("image", Assert.Single(parts.Suffix.Inputs).Name);
        Assert.Equal(whole.Nodes.Count, parts.Suffix.Nodes.Count);
    }

    [Fact]
    public void An_unknown_parameter_is_named() =>
        Assert.Contains(
            "'conv9'",
            Assert.Throws<ArgumentException>(() => GraphSplit.Split(SmallNetwork.Create(-1, 3, 8, 8), ["conv9"])).Message
        );

    private static OnnxGraph WithHead(OnnxGraph backbone)
    {
        int size = (int)backbone.Outputs[0].Shape![1].Size!.Value;
        var ones = new float[size];
        Array.Fill(ones, 1f);
        return GraphJoin.Append(backbone, ClassificationHead.Create(new float[size], ones, 3, 0, backbone.Opset, new Random(1)));
    }
}
