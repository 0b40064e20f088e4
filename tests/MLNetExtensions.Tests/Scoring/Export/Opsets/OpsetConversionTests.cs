using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Export.Opsets;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Scoring.ScoreOnnx;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Export.Opsets;

public sealed class OpsetConversionTests
{
    public static TheoryData<string> Models => [.. OpsetCases.All.Keys];

    public static TheoryData<string> Layers => [.. LayerCases.All.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public void What_is_exported_computes_the_same_in_every_opset(string name) => Check(OpsetCases.All[name](), name);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Every_layer_computes_the_same_in_every_opset(string name) => Check(OpsetCases.Of(LayerCases.All[name]), name);

    [Fact]
    public void An_old_model_becomes_a_newer_one()
    {
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 6, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 4)],
            [
                OnnxNode.Create("Split", ["x"], ["a", "b"], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("split", [3L, 3L])),
                OnnxNode.Create("Clip", ["a"], ["c"], OnnxAttribute.Of("min", -0.5f), OnnxAttribute.Of("max", 0.5f)),
                OnnxNode.Create("Sub", ["c", "b"], ["d"]),
                OnnxNode.Create("ReduceMean", ["d"], ["y"], OnnxAttribute.Of("axes", [1L]), OnnxAttribute.Of("keepdims", 0L)),
            ]
        ) with
        {
            Opsets = new Dictionary<string, int> { [""] = 9 },
        };

        Check(graph, "opset 9", newest: 21);
    }

    [Theory]
    [InlineData(17, 21)]
    [InlineData(21, 13)]
    public void Groups_are_normalized_the_same_where_scale_and_bias_are_for_each_group(int from, int to)
    {
        // Opset 18 has a scale and a bias for each group.
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 6, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 6, 4)],
            [
                OnnxNode.Create(
                    "GroupNormalization",
                    ["x", "scale", "bias"],
                    ["y"],
                    OnnxAttribute.Of("num_groups", 3L),
                    OnnxAttribute.Of("epsilon", 0.1f)
                ),
            ],
            DrawnTensor.Normal("scale", 1, 3),
            DrawnTensor.Normal("bias", 2, 3)
        ) with
        {
            Opsets = new Dictionary<string, int> { [""] = 18 },
            IrVersion = 9,
        };

        OnnxGraph converted = OpsetConversion.Convert(graph, from < 18 ? to : from);
        OnnxTensor x = DrawnTensor.Normal("x", 3, 2, 6, 4);
        var inputs = new Dictionary<string, OnnxTensor> { ["x"] = x };
        OrtRunner.AssertClose(OrtRunner.Run(graph, inputs)[0], OrtRunner.Run(converted, inputs)[0], 1e-5);
    }

    [Fact]
    public void What_an_opset_does_not_have_is_an_error_that_says_the_lowest_that_has_it()
    {
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 1, 4, 4), OnnxValue.Create("grid", OnnxElementType.Float, -1, 3, 3, 2)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 1, 3, 3)],
            [
                OnnxNode.Create("Gelu", ["x"], ["g"]),
                OnnxNode.Create("GridSample", ["g", "grid"], ["y"], OnnxAttribute.Of("mode", "cubic")) with
                {
                    Name = "warp",
                },
            ]
        ) with
        {
            Opsets = new Dictionary<string, int> { [""] = 20 },
            IrVersion = 9,
        };

        string message = Assert.Throws<OnnxFormatException>(() => OpsetConversion.Convert(graph, 13)).Message;

        Assert.Contains("of opset 20 cannot be converted to opset 13", message, StringComparison.Ordinal);
        Assert.Contains("GridSample 'warp'", message, StringComparison.Ordinal);
        Assert.Contains("The lowest opset that it can have is 16.", message, StringComparison.Ordinal);
        Assert.Equal("bicubic", OpsetConversion.Convert(graph, 16).Nodes[^1].String("mode", ""));
    }

    [Fact]
    public void A_graph_inside_a_node_is_not_believed()
    {
        OnnxGraph inner = SmallModels.Create(
            [],
            [OnnxValue.Create("y", OnnxElementType.Float, 2)],
            [OnnxNode.Create("Gelu", ["x"], ["y"])]
        );
        OnnxGraph other = inner with { Nodes = [OnnxNode.Create("Relu", ["x"], ["y"])] };
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, 2), OnnxValue.Create("c", OnnxElementType.Bool)],
            [OnnxValue.Create("z", OnnxElementType.Float, 2)],
            [OnnxNode.Create("If", ["c"], ["z"], Body("then_branch", inner), Body("else_branch", other))]
        ) with
        {
            Opsets = new Dictionary<string, int> { [""] = 20 },
            IrVersion = 9,
        };

        string message = Assert.Throws<OnnxFormatException>(() => OpsetConversion.Convert(graph, 13)).Message;

        Assert.Contains("If 'z' needs opset 20: it holds a graph with Gelu", message, StringComparison.Ordinal);

        static OnnxAttribute Body(string name, OnnxGraph graph)
        {
            using var stream = new MemoryStream(graph.ToBytes());
            return new OnnxAttribute(
                new()
                {
                    Name = name,
                    Type = MLNetExtensions.Onnx.Proto.AttributeProto.Types.AttributeType.Graph,
                    G = MLNetExtensions.Onnx.Proto.ModelProto.Parser.ParseFrom(stream).Graph,
                }
            );
        }
    }

    private static void Check(OnnxGraph graph, string name, int newest = 20)
    {
        OnnxValue input = Assert.Single(graph.Inputs);
        OnnxTensor values = DrawnTensor.Normal(input.Name, 7, [2, .. input.Shape!.Skip(1).Select(d => d.Size!.Value)]);
        var inputs = new Dictionary<string, OnnxTensor> { [input.Name] = values };
        OnnxGraph numbers = Numbers(graph);
        OnnxTensor[] expected = OrtRunner.Run(numbers, inputs);
        // Rounding to 8 or 16 bits turns a difference of the last bit into a step.
        double tolerance =
            name.Contains("quantized", StringComparison.Ordinal) ? 2e-2
            : name.StartsWith("fp16 ", StringComparison.Ordinal) ? 2e-3
            : 1e-5;
        for (int opset = OpsetConversion.Minimum; opset <= newest; opset++)
        {
            OnnxGraph converted = OpsetConversion.Convert(graph, opset);
            Assert.Equal(opset, converted.Opset);
            Assert.Equal(graph.Metadata, converted.Metadata);
            OnnxTensor[] actual = OrtRunner.Run(Numbers(converted), inputs);
            for (int i = 0; i < expected.Length; i++)
                OrtRunner.AssertClose(expected[i], actual[i], tolerance);
        }
    }

    /// <summary>The graph without its texts, which follow from the numbers.</summary>
    private static OnnxGraph Numbers(OnnxGraph graph) =>
        graph with
        {
            Outputs = [.. graph.Outputs.Where(o => o.ElementType == OnnxElementType.Float)],
        };
}
