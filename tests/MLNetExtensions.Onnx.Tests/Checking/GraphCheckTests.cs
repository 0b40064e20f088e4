using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Checking;

public class GraphCheckTests
{
    [Fact]
    public void Networks_have_no_problems()
    {
        Assert.Empty(
            new ResNet9 { Width = 4 }
                .Build(10, 3, 32, 32, seed: 1)
                .Check()
        );
        Assert.Empty(Graph(OnnxNode.Create("Relu", ["x"], ["a"]), OnnxNode.Create("Gemm", ["a", "w"], ["y"])).Check());
    }

    [Fact]
    public void Values_that_nothing_makes_are_found()
    {
        OnnxGraph graph = Graph(OnnxNode.Create("Add", ["x", "b"], ["a"]), OnnxNode.Create("Relu", ["lost"], ["b"]));
        Assert.Collection(
            graph.Check(),
            later => AssertProblem(later, OnnxProblemKind.UndefinedValue, "b", graph.Nodes[0], "Add 'a'", "only a later node"),
            lost => AssertProblem(lost, OnnxProblemKind.UndefinedValue, "lost", graph.Nodes[1], "Relu 'b'", "nothing in the graph"),
            output => AssertProblem(output, OnnxProblemKind.UndefinedValue, "y", null, "gives back 'y'")
        );
    }

    [Fact]
    public void Names_of_two_things_are_found()
    {
        OnnxGraph graph = Graph(
            OnnxNode.Create("Relu", ["x"], ["w"]),
            OnnxNode.Create("Relu", ["x"], ["y"]) with
            {
                Name = "same",
            },
            OnnxNode.Create("Sigmoid", ["x"], ["z"]) with
            {
                Name = "same",
            }
        );
        Assert.Collection(
            graph.Check(),
            value => AssertProblem(value, OnnxProblemKind.DuplicateName, "w", graph.Nodes[0], "Relu 'w'"),
            node => AssertProblem(node, OnnxProblemKind.DuplicateName, null, graph.Nodes[2], "'same'", "Relu, Sigmoid")
        );
    }

    [Fact]
    public void Operators_and_domains_that_are_not_known_are_found()
    {
        OnnxGraph graph = Graph(
            OnnxNode.Create("Swirl", ["x"], ["a"]),
            OnnxNode.Create("Gelu", ["a"], ["b"]) with
            {
                Domain = "com.example",
            },
            OnnxNode.Create("Gemm", ["b", "w"], ["y"])
        );
        Assert.Collection(
            graph.Check(),
            swirl => AssertProblem(swirl, OnnxProblemKind.UnknownOperator, null, graph.Nodes[0], "Swirl 'a'"),
            domain => AssertProblem(domain, OnnxProblemKind.MissingOpset, null, graph.Nodes[1], "com.example"),
            gelu => AssertProblem(gelu, OnnxProblemKind.UnknownOperator, null, graph.Nodes[1], "com.example.Gelu 'b'")
        );
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_found_all_of_them()
    {
        OnnxGraph graph = Graph(
            OnnxNode.Create("Gemm", ["x", "x"], ["a"]),
            OnnxNode.Create("Relu", ["a"], ["b"]),
            OnnxNode.Create("Concat", ["x", "w"], ["c"], OnnxAttribute.Of("axis", 5L)),
            OnnxNode.Create("Gemm", ["x", "w"], ["d"]),
            OnnxNode.Create("Sum", ["b", "c", "d"], ["y"])
        );
        Assert.Collection(
            graph.Check(),
            gemm => AssertProblem(gemm, OnnxProblemKind.ShapeMismatch, null, graph.Nodes[0], "Gemm 'a'"),
            concat => AssertProblem(concat, OnnxProblemKind.ShapeMismatch, null, graph.Nodes[2], "Concat 'c'")
        );
    }

    [Fact]
    public void Stated_shapes_that_the_nodes_do_not_make_are_found()
    {
        OnnxGraph graph = Graph(OnnxNode.Create("Gemm", ["x", "w"], ["a"]), OnnxNode.Create("Relu", ["a"], ["y"]));
        graph = graph with
        {
            ValueInfos = [OnnxValue.Create("a", OnnxElementType.Int64, -1, 3)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 4)],
        };
        Assert.Collection(
            graph.Check(),
            a => AssertProblem(a, OnnxProblemKind.ShapeMismatch, "a", graph.Nodes[0], "a Int64[batch,3]", "Float[1,3]"),
            y => AssertProblem(y, OnnxProblemKind.ShapeMismatch, "y", graph.Nodes[1], "y Float[batch,4]", "Float[1,3]")
        );
    }

    [Fact]
    public void Shapes_are_left_out_where_the_inputs_do_not_state_theirs()
    {
        OnnxGraph graph = Graph(OnnxNode.Create("Gemm", ["x", "x"], ["y"])) with
        {
            Inputs = [new OnnxValue("x", OnnxElementType.Float, null)],
        };
        Assert.Empty(graph.Check());
    }

    private static OnnxGraph Graph(params OnnxNode[] nodes) =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = OnnxGraph.MaximumOpset },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 5)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 3)],
            Nodes = nodes,
            Initializers = new Dictionary<string, OnnxTensor> { ["w"] = OnnxTensor.FromFloats("w", [5, 3], new float[15]) },
        };

    private static void AssertProblem(OnnxProblem problem, OnnxProblemKind kind, string? value, OnnxNode? node, params string[] parts)
    {
        Assert.Equal((kind, value), (problem.Kind, problem.Value));
        Assert.Same(node, problem.Node);
        Assert.All(parts, part => Assert.Contains(part, problem.Message, StringComparison.Ordinal));
    }
}
