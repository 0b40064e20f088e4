using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;
using static MLNetExtensions.TestData.Graphs.PassCases;

namespace MLNetExtensions.Onnx.Tests.Passes;

public sealed class ConstantFoldingTests
{
    [Fact]
    public void Arithmetic_on_weights_is_done_once()
    {
        OnnxGraph graph = Graph(
            [-1, 4],
            [
                OnnxNode.Create("Transpose", ["w"], ["t"], OnnxAttribute.Of("perm", 1L, 0L)),
                OnnxNode.Create("Identity", ["t"], ["same"]),
                OnnxNode.Create("Constant", [], ["half"], OnnxAttribute.Of("value_float", 0.5f)),
                OnnxNode.Create("Mul", ["same", "half"], ["scaled"]),
                OnnxNode.Create("MatMul", ["x", "scaled"], ["y"]),
            ],
            DrawnTensor.Normal("w", 2, 3, 4)
        );
        OnnxGraph folded = ConstantFolding.Apply(graph);
        Assert.Equal(["MatMul"], folded.Nodes.Select(n => n.OpType));
        Assert.Equal(["scaled"], folded.Initializers.Keys);
        AssertSame(graph, folded);
    }

    [Fact]
    public void A_shape_with_an_open_batch_keeps_what_the_batch_decides()
    {
        OnnxGraph graph = Graph(
            [-1, 4, 3, 3],
            [
                OnnxNode.Create("Shape", ["x"], ["shape"]),
                OnnxNode.Create("Gather", ["shape", "zero"], ["batch"]),
                OnnxNode.Create("Gather", ["shape", "one"], ["channels"]),
                OnnxNode.Create("Concat", ["batch", "channels", "rest"], ["target"], OnnxAttribute.Of("axis", 0L)),
                OnnxNode.Create("Reshape", ["x", "target"], ["y"]),
            ],
            OnnxTensor.FromInt64s("zero", [1], [0]),
            OnnxTensor.FromInt64s("one", [1], [1]),
            OnnxTensor.FromInt64s("rest", [1], [-1])
        );
        OnnxGraph folded = ConstantFolding.Apply(graph);
        Assert.Equal(["Shape", "Gather", "Concat", "Reshape"], folded.Nodes.Select(n => n.OpType));
        Assert.Equal([4L], folded.Initializers["channels"].ToInt64s());
        AssertSame(graph, folded);
    }

    [Fact]
    public void Where_the_size_of_images_is_open_only_constants_are_folded()
    {
        OnnxGraph graph = Graph(
            [-1, 4, -1, -1],
            [
                OnnxNode.Create("Neg", ["a"], ["b"]),
                OnnxNode.Create("Shape", ["x"], ["shape"]),
                OnnxNode.Create("Cast", ["shape"], ["sizes"], OnnxAttribute.Of("to", 1L)),
                OnnxNode.Create("Mul", ["sizes", "b"], ["scaled"]),
                OnnxNode.Create("ReduceSum", ["scaled"], ["sum"]),
                OnnxNode.Create("Add", ["x", "sum"], ["y"]),
            ],
            DrawnTensor.Normal("a", 2, 1)
        );
        OnnxGraph folded = ConstantFolding.Apply(graph);
        Assert.Equal(["Shape", "Cast", "Mul", "ReduceSum", "Add"], folded.Nodes.Select(n => n.OpType));
        AssertSame(graph, folded);
    }

    [Fact]
    public void Unknown_operators_and_what_follows_from_them_stay()
    {
        OnnxGraph graph = Graph(
            [-1, 4],
            [
                OnnxNode.Create("Scaler", ["x"], ["scaled"], OnnxAttribute.Of("scale", [2f]), OnnxAttribute.Of("offset", [1f])) with
                {
                    Domain = "ai.onnx.ml",
                },
                OnnxNode.Create("Neg", ["a"], ["b"]),
                OnnxNode.Create("Add", ["scaled", "b"], ["y"]),
            ],
            DrawnTensor.Normal("a", 2, 4)
        ) with
        {
            Opsets = new Dictionary<string, int> { [""] = 17, ["ai.onnx.ml"] = 3 },
        };
        OnnxGraph folded = ConstantFolding.Apply(graph);
        Assert.Equal(["Scaler", "Add"], folded.Nodes.Select(n => n.OpType));
        AssertSame(graph, folded);
    }

    [Fact]
    public void A_large_mask_of_one_value_stays_the_node_that_makes_it()
    {
        OnnxGraph graph = Graph(
            [-1, 200, 200],
            [OnnxNode.Create("Expand", ["a", "shape"], ["mask"]), OnnxNode.Create("Mul", ["x", "mask"], ["y"])],
            DrawnTensor.Normal("a", 2, 1),
            OnnxTensor.FromInt64s("shape", [2], [200, 200])
        );
        Assert.Equal(["Expand", "Mul"], ConstantFolding.Apply(graph).Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void An_output_of_constants_keeps_its_node()
    {
        OnnxGraph graph = Graph(
            [-1, 4],
            [OnnxNode.Create("Add", ["x", "a"], ["y"]), OnnxNode.Create("Neg", ["a"], ["constant"])],
            DrawnTensor.Normal("a", 2, 4)
        );
        AssertSame(graph, ConstantFolding.Apply(graph));
    }

    [NeedsBackbones]
    [Theory]
    [InlineData(
        "efficientnet_lite0_224_bn",
        "Conv BatchNormalization Clip Pad Add GlobalAveragePool Shape Gather Unsqueeze Concat Reshape Gemm"
    )]
    [InlineData("keras_export/keras_bn_depthwise", "Transpose Conv Mul Add Clip Sigmoid GlobalAveragePool Squeeze MatMul Softmax")]
    [InlineData("structure_only/light_squeezenet", "ConstantOfShape Conv Relu MaxPool Concat Dropout GlobalAveragePool Softmax")]
    public void Models_compute_the_same(string name, string operators)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", name + ".onnx"));
        OnnxGraph folded = ConstantFolding.Apply(graph);
        Assert.Equal(operators.Split(' ').Order(), folded.Nodes.Select(n => n.OpType).Distinct().Order());
        AssertSame(graph, folded, 2e-5);
    }
}
