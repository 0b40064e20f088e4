using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Surgery;

public class GraphCutTests
{
    [Fact]
    public void Two_parts_after_each_other_compute_what_the_whole_does()
    {
        OnnxGraph whole = new ResNet9 { Width = 4 }.Build(10, 3, 32, 32, seed: 1);
        string image = whole.Inputs[0].Name,
            scores = whole.Outputs[0].Name,
            middle = whole.Nodes.First(n => n.OpType == "MaxPool").Outputs[0];
        OnnxGraph first = whole.Extract([image], [middle]),
            second = whole.Extract([middle], [scores]);
        Assert.Equal(whole.Nodes.Count, first.Nodes.Count + second.Nodes.Count);
        Assert.Equal(whole.Initializers.Count, first.Initializers.Count + second.Initializers.Count);
        Assert.Equal(first.Outputs[0].ToString(), second.Inputs[0].ToString());
        Assert.Null(second.Inputs[0].Shape![0].Size);
        PassCases.AssertSame(whole, GraphJoin.Append(first, second));
        PassCases.AssertSame(whole, whole.Extract([image], [scores]));
    }

    [Fact]
    public void A_part_between_several_values_has_them_in_the_order_they_are_named()
    {
        OnnxGraph graph = Graph();
        OnnxGraph part = graph.Extract(["b", "a"], ["sum", "c"]);
        Assert.Equal(["b Float[batch,4]", "a Float[batch,4]"], part.Inputs.Select(i => i.ToString()));
        Assert.Equal(["sum Float[batch,4]", "c Float[batch,4]"], part.Outputs.Select(o => o.ToString()));
        Assert.Equal(["Sigmoid", "Add"], part.Nodes.Select(n => n.OpType));
        Assert.Empty(part.Initializers);
        OnnxTensor a = DrawnTensor.Normal("a", 1, [2, 4]),
            b = DrawnTensor.Normal("b", 2, [2, 4]);
        Assert.Equal(2, OrtRunner.Run(part, new Dictionary<string, OnnxTensor> { ["a"] = a, ["b"] = b }).Length);
    }

    [Fact]
    public void A_value_that_is_given_is_not_made_by_a_node_that_stays_for_another()
    {
        OnnxGraph graph = PassCases.Graph(
            [2, 4],
            [
                OnnxNode.Create("Split", ["x"], ["left", "right"], OnnxAttribute.Of("axis", 1L)),
                OnnxNode.Create("Add", ["left", "right"], ["y"]),
            ]
        );
        OnnxGraph part = graph.Extract(["x", "left"], ["y"]);
        Assert.DoesNotContain("left", part.Nodes[0].Outputs);
        OnnxTensor y = Assert.Single(
            OrtRunner.Run(
                part,
                new Dictionary<string, OnnxTensor>
                {
                    ["x"] = DrawnTensor.Normal("x", 1, [2, 4]),
                    ["left"] = DrawnTensor.Normal("left", 2, [2, 2]),
                }
            )
        );
        Assert.Equal([2, 2], y.Shape);
    }

    [Fact]
    public void What_is_missing_is_named_with_its_reader()
    {
        OnnxGraph graph = Graph();
        string missing = Assert.Throws<ArgumentException>(() => graph.Extract(["a"], ["sum"])).Message;
        Assert.Contains("'x'", missing, StringComparison.Ordinal);
        Assert.Contains("Tanh 'b'", missing, StringComparison.Ordinal);
        Assert.Contains(
            "no value 'z'",
            Assert.Throws<ArgumentException>(() => graph.Extract(["x"], ["z"])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'w' of the graph 'graph' is a constant",
            Assert.Throws<ArgumentException>(() => graph.Extract(["w"], ["sum"])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "twice",
            Assert.Throws<ArgumentException>(() => graph.Extract(["x", "x"], ["sum"])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains("No output", Assert.Throws<ArgumentException>(() => graph.Extract(["x"], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_whose_type_is_not_known_is_refused_and_a_stated_one_taken()
    {
        OnnxGraph graph = PassCases.Graph([-1, 4], [OnnxNode.Create("Swirl", ["x"], ["a"]), OnnxNode.Create("Relu", ["a"], ["y"])]);
        string message = Assert.Throws<OnnxFormatException>(() => graph.Extract(["a"], ["y"])).Message;
        Assert.Contains("'a', which Swirl 'a' makes", message, StringComparison.Ordinal);
        graph = graph with { ValueInfos = [OnnxValue.Create("a", OnnxElementType.Float, -1, 7)] };
        Assert.Equal("a Float[batch,7]", graph.Extract(["a"], ["y"]).Inputs[0].ToString());
    }

    private static OnnxGraph Graph() =>
        PassCases.Graph(
            [-1, 4],
            [
                OnnxNode.Create("Mul", ["x", "w"], ["a"]),
                OnnxNode.Create("Tanh", ["x"], ["b"]),
                OnnxNode.Create("Sigmoid", ["a"], ["c"]),
                OnnxNode.Create("Add", ["c", "b"], ["sum"]),
                OnnxNode.Create("Relu", ["sum"], ["y"]),
            ],
            OnnxTensor.FromFloats("w", [4], [1, 2, 3, 4])
        );
}
