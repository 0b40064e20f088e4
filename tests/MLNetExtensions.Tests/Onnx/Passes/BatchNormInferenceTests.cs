using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Tests.Onnx;
using Xunit;

namespace MLNetExtensions.Tests.Onnx.Passes;

public sealed class BatchNormInferenceTests
{
    private static readonly OnnxNode Norm = PassCases.NormNode("x", "n", "y");

    private static readonly OnnxGraph Inference = PassCases.Graph([-1, 4, 5, 5], [Norm], PassCases.Norm("n", 4));

    [Fact]
    public void A_node_in_training_mode_uses_its_running_statistics()
    {
        OnnxGraph training = Inference with { Nodes = [Norm.With(OnnxAttribute.Of("training_mode", 1L)) with { Outputs = ["y", "m", "v"] }] };
        OnnxGraph changed = BatchNormInference.Apply(training);
        PassCases.AssertSame(Inference, changed);
        Assert.Equal(["y"], Assert.Single(changed.Nodes).Outputs);
        Assert.Contains("1 BatchNormalization node normalises by the batch (y)", BatchNormInference.Warning(training));
        Assert.Null(BatchNormInference.Warning(changed));
        Assert.Same(changed, BatchNormInference.Apply(changed));
    }

    [Fact]
    public void Before_opset_14_further_outputs_mean_training()
    {
        OnnxGraph old = Inference with { Opsets = new Dictionary<string, int> { [""] = 9 } };
        OnnxGraph training = old with { Nodes = [Norm with { Outputs = ["y", "m", "v", "sm", "sv"] }] };
        Assert.NotNull(BatchNormInference.Warning(training));
        PassCases.AssertSame(old, BatchNormInference.Apply(training));
        Assert.Same(old, BatchNormInference.Apply(old));
    }

    [Fact]
    public void Running_statistics_that_others_read_are_passed_on_and_batch_statistics_keep_the_node()
    {
        OnnxNode sum = OnnxNode.Create("Add", ["a", "s"], ["y"]);
        OnnxNode shape = OnnxNode.Create("Reshape", ["m", "to"], ["s"]);
        OnnxGraph graph = Inference with
        {
            Nodes = [Norm.With(OnnxAttribute.Of("training_mode", 1L)) with { Name = "norm", Outputs = ["a", "m", "v"] }, shape, sum],
            Initializers = new OrderedDictionary<string, OnnxTensor>(Inference.Initializers) { ["to"] = OnnxTensor.FromInt64s("to", [3], [4, 1, 1]) },
        };
        OnnxGraph expected = graph with { Nodes = [Norm with { Name = "norm", Outputs = ["a"] }, shape with { Inputs = ["n.mean", "to"] }, sum] };
        PassCases.AssertSame(expected, BatchNormInference.Apply(graph));

        OnnxGraph batch = graph with { Opsets = new Dictionary<string, int> { [""] = 9 }, Nodes = [Norm with { Name = "norm", Outputs = ["a", "", "", "m", "v"] }, shape, sum] };
        Assert.Same(batch, BatchNormInference.Apply(batch));
    }
}
