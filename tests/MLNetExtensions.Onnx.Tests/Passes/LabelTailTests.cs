using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Passes;

public sealed class LabelTailTests
{
    [Fact]
    public void Labels_come_off_and_go_back_on()
    {
        OnnxGraph graph = WithLabels(9);
        LabelTail tail = LabelTail.TakeOff(graph);
        Assert.Equal(["Conv", "GlobalAveragePool", "Flatten", "ArgMax"], tail.Network.Nodes.Select(n => n.OpType));
        Assert.Equal(["y", "index"], tail.Network.Outputs.Select(o => o.Name));
        AssertSame(graph, tail.PutBack(tail.Network));
    }

    [Fact]
    public void An_old_opset_is_raised_below_the_labels_and_nothing_else_of_them_changes()
    {
        OnnxGraph graph = WithLabels(9),
            raised = OpsetUpgrade.Apply(graph);
        Assert.Equal(OnnxGraph.MaximumOpset, raised.Opset);
        Assert.Equal(2, raised.Opsets["ai.onnx.ml"]);
        Assert.Equal(graph.Nodes.TakeLast(3).Select(n => n.ToString()), raised.Nodes.TakeLast(3).Select(n => n.ToString()));
        AssertSame(graph, raised);
    }

    [Fact]
    public void What_the_network_itself_computes_with_stays()
    {
        OnnxGraph graph = WithLabels(9);
        graph = graph with
        {
            Nodes = [.. graph.Nodes, OnnxNode.Create("Equal", ["copy", "copy"], ["same"])],
            Outputs = [.. graph.Outputs, new OnnxValue("same", OnnxElementType.Bool, null)],
        };
        LabelTail tail = LabelTail.TakeOff(graph);
        Assert.Same(graph, tail.Network);
        Assert.Same(graph, tail.PutBack(tail.Network));
    }

    /// <summary>A network, the names of its classes behind it, and slot names that nothing reads.</summary>
    internal static OnnxGraph WithLabels(int opset)
    {
        OnnxGraph graph = PassCases.Graph(
            [-1, 3, 6, 6],
            [
                OnnxNode.Create("Conv", ["x", "w"], ["a"], OnnxAttribute.Of("auto_pad", "SAME_UPPER")) with
                {
                    Name = "first",
                },
                OnnxNode.Create("GlobalAveragePool", ["a"], ["b"]),
                OnnxNode.Create("Flatten", ["b"], ["y"]),
                OnnxNode.Create("ArgMax", ["y"], ["index"], OnnxAttribute.Of("axis", 1L)),
                Ml("index", "label", OnnxAttribute.Of("keys_int64s", 0L, 1, 2), OnnxAttribute.Of("values_strings", "red", "green", "blue")),
                OnnxNode.Create("Identity", ["label"], ["copy"]),
                Ml(
                    "slots",
                    "unread",
                    OnnxAttribute.Of("keys_strings", "red", "green", "blue"),
                    OnnxAttribute.Of("values_int64s", 0L, 1, 2)
                ),
            ],
            DrawnTensor.Normal("w", 1, 3, 3, 3, 3),
            OnnxTensor.FromStrings("slots", [1], ["red"])
        );
        return graph with
        {
            Opsets = new Dictionary<string, int> { [""] = opset, ["ai.onnx.ml"] = 2 },
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 3), OnnxValue.Create("copy", OnnxElementType.String, -1, 1)],
        };

        static OnnxNode Ml(string from, string to, params OnnxAttribute[] attributes) =>
            OnnxNode.Create("LabelEncoder", [from], [to], attributes) with
            {
                Domain = "ai.onnx.ml",
            };
    }

    private static void AssertSame(OnnxGraph expected, OnnxGraph actual)
    {
        Assert.Equal(expected.Outputs, actual.Outputs);
        Assert.Contains(actual.Nodes, n => n.Outputs[0] == "unread");
        Dictionary<string, OnnxTensor> input = new() { ["x"] = DrawnTensor.Normal("x", 2, 20, 3, 6, 6) };
        using var one = new Microsoft.ML.OnnxRuntime.InferenceSession(expected.ToBytes());
        using var other = new Microsoft.ML.OnnxRuntime.InferenceSession(actual.ToBytes());
        (float[] Scores, string[] Labels) want = Run(one),
            got = Run(other);
        Assert.Equal(want.Labels, got.Labels);
        Assert.True(want.Labels.Distinct().Count() > 1);
        Assert.Equal(want.Scores, got.Scores, (a, b) => Math.Abs(a - b) < 1e-5f);

        (float[], string[]) Run(Microsoft.ML.OnnxRuntime.InferenceSession session)
        {
            using var results = session.Run([
                Microsoft.ML.OnnxRuntime.NamedOnnxValue.CreateFromTensor(
                    "x",
                    new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>(input["x"].ToFloats(), [20, 3, 6, 6])
                ),
            ]);
            return ([.. results[0].AsEnumerable<float>()], [.. results[1].AsEnumerable<string>()]);
        }
    }
}
