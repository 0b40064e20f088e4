using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Passes;

public sealed class InferenceModeTests
{
    [Theory]
    [InlineData(17, 3)]
    [InlineData(9, 5)]
    [InlineData(13, 3)]
    public void Normalization_takes_its_running_statistics(int opset, int outputs)
    {
        OnnxGraph training = NormalizingModel.Create(opset, outputs, isTraining: true),
            inference = NormalizingModel.Create(opset, 1, isTraining: false);

        OnnxGraph changed = InferenceMode.Apply(training);

        Assert.Single(InferenceMode.Find(training));
        Assert.Empty(InferenceMode.Find(changed));
        Assert.Empty(InferenceMode.Find(inference));
        Dictionary<string, OnnxTensor> inputs = new() { ["x"] = DrawnTensor.Normal("x", 1, 2, 4, 3, 3) };
        OnnxTensor[] actual = OrtRunner.Run(changed, inputs);
        OrtRunner.AssertClose(OrtRunner.Run(inference, inputs)[0], actual[0], 1e-6);
        // Who asks for the running statistics gets them as they are.
        Assert.Equal(training.Initializers["m"].ToFloats(), actual[1].ToFloats());
        Assert.Equal(training.Initializers["v"].ToFloats(), actual[2].ToFloats());
    }

    [Fact]
    public void Dropout_drops_nothing()
    {
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 4)],
            [OnnxNode.Create("Dropout", ["x", "ratio", "train"], ["y"])],
            OnnxTensor.FromFloats("ratio", [], [0.5f]),
            OnnxTensor.FromArray("train", OnnxElementType.Bool, [], new[] { true })
        );
        OnnxTensor x = DrawnTensor.Normal("x", 1, 2, 4);

        OnnxTensor y = OrtRunner.Run(InferenceMode.Apply(graph), new Dictionary<string, OnnxTensor> { ["x"] = x })[0];

        Assert.Equal(x.ToFloats(), y.ToFloats());
        Assert.NotEqual(x.ToFloats(), OrtRunner.Run(graph, new Dictionary<string, OnnxTensor> { ["x"] = x })[0].ToFloats());
    }

    [Fact]
    public void What_is_for_inference_stays_as_it_is()
    {
        OnnxGraph graph = NormalizingModel.Create(17, 1, isTraining: false);

        Assert.Same(graph, InferenceMode.Apply(graph));
    }
}
