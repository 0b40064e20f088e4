using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class GraphJoinTests
{
    [Fact]
    public void The_second_reads_what_the_first_makes_under_its_own_weights()
    {
        OnnxGraph first = SmallNetwork.Create(-1, 3, 8, 8);
        OnnxGraph second = Linear("fc.weight", opset: 13);
        OnnxRuntimeRun.Floats image = OnnxRuntimeRun.Random(2, 3, 8, 8);

        OnnxGraph joined = GraphJoin.Append(first, second);

        OnnxRuntimeRun.Floats expected = OnnxRuntimeRun.Run(second, OnnxRuntimeRun.Run(first, image));
        Assert.Equal(expected.Values, OnnxRuntimeRun.Run(joined, image).Values);
        Assert.Contains("fc.weight_1", joined.Initializers.Keys);
        Assert.Equal(second.Outputs[0].Name, joined.Outputs[0].Name);
    }

    [Fact]
    public void Names_that_do_not_clash_stay() =>
        Assert.Contains(
            "head/weight",
            GraphJoin.Append(SmallNetwork.Create(-1, 3, 8, 8), Linear("head/weight", opset: 13)).Initializers.Keys
        );

    [Fact]
    public void Two_nodes_of_one_name_get_two()
    {
        OnnxGraph first = SmallNetwork.Create(-1, 3, 8, 8);
        first = first with { Nodes = [first.Nodes[0] with { Name = "same" }, .. first.Nodes.Skip(1)] };
        OnnxGraph second = Linear("w", opset: 13);
        second = second with { Nodes = [second.Nodes[0] with { Name = "same" }] };

        OnnxGraph joined = GraphJoin.Append(first, second);

        Assert.Equal("same_1", joined.Nodes[^1].Name);
        Assert.Equal(6, OnnxRuntimeRun.Run(joined, OnnxRuntimeRun.Random(2, 3, 8, 8)).Values.Length);
    }

    [Fact]
    public void Another_opset_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => GraphJoin.Append(SmallNetwork.Create(-1, 3, 8, 8), Linear("w", opset: 17)));

        Assert.Contains("13", error.Message);
        Assert.Contains("17", error.Message);
    }

    private static OnnxGraph Linear(string weight, int opset) =>
        new()
        {
            Name = "head",
            Opsets = new Dictionary<string, int> { [""] = opset },
            Inputs = [OnnxValue.Create("f", OnnxElementType.Float, -1, 2)],
            Outputs = [OnnxValue.Create("scores", OnnxElementType.Float, -1, 3)],
            Nodes = [OnnxNode.Create("MatMul", ["f", weight], ["scores"])],
            Initializers = new Dictionary<string, OnnxTensor> { [weight] = OnnxTensor.FromFloats(weight, [2, 3], [1, 2, 3, 4, 5, 6]) },
        };
}
