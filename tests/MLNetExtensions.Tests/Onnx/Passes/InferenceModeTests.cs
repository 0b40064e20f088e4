using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Tests.Scoring.ScoreOnnx;
using Xunit;

namespace MLNetExtensions.Tests.Onnx.Passes;

public sealed class InferenceModeTests
{
    [Theory]
    [InlineData(17, 3)]
    [InlineData(9, 5)]
    [InlineData(13, 3)]
    public void NormalizationTakesItsRunningStatistics(int opset, int outputs)
    {
        OnnxGraph training = Normalizing(opset, outputs, isTraining: true),
            inference = Normalizing(opset, 1, isTraining: false);

        OnnxGraph changed = InferenceMode.Apply(training);

        Assert.Single(InferenceMode.Find(training));
        Assert.Empty(InferenceMode.Find(changed));
        Assert.Empty(InferenceMode.Find(inference));
        Dictionary<string, OnnxTensor> inputs = new() { ["x"] = OrtRunner.Normal("x", 1, 2, 4, 3, 3) };
        OnnxTensor[] actual = OrtRunner.Run(changed, inputs);
        OrtRunner.AssertClose(OrtRunner.Run(inference, inputs)[0], actual[0], 1e-6);
        // Who asks for the running statistics gets them as they are.
        Assert.Equal(training.Initializers["m"].ToFloats(), actual[1].ToFloats());
        Assert.Equal(training.Initializers["v"].ToFloats(), actual[2].ToFloats());
    }

    [Fact]
    public void DropoutDropsNothing()
    {
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 4)],
            [OnnxNode.Create("Dropout", ["x", "ratio", "train"], ["y"])],
            OnnxTensor.FromFloats("ratio", [], [0.5f]),
            OnnxTensor.FromArray("train", OnnxElementType.Bool, [], new[] { true })
        );
        OnnxTensor x = OrtRunner.Normal("x", 1, 2, 4);

        OnnxTensor y = OrtRunner.Run(InferenceMode.Apply(graph), new Dictionary<string, OnnxTensor> { ["x"] = x })[0];

        Assert.Equal(x.ToFloats(), y.ToFloats());
        Assert.NotEqual(x.ToFloats(), OrtRunner.Run(graph, new Dictionary<string, OnnxTensor> { ["x"] = x })[0].ToFloats());
    }

    [Fact]
    public void WhatIsForInferenceStaysAsItIs()
    {
        OnnxGraph graph = Normalizing(17, 1, isTraining: false);

        Assert.Same(graph, InferenceMode.Apply(graph));
    }

    internal static OnnxGraph Normalizing(int opset, int outputs, bool isTraining)
    {
        string[] names = ["y", "mean", "variance", "saved_mean", "saved_variance"];
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4, 3, 3)],
            [
                OnnxValue.Create("y", OnnxElementType.Float, -1, 4, 3, 3),
                .. outputs > 1
                    ? [OnnxValue.Create("mean", OnnxElementType.Float, 4), OnnxValue.Create("variance", OnnxElementType.Float, 4)]
                    : Array.Empty<OnnxValue>(),
            ],
            [
                OnnxNode.Create(
                    "BatchNormalization",
                    ["x", "s", "b", "m", "v"],
                    names[..outputs],
                    isTraining && opset >= 14 ? [OnnxAttribute.Of("training_mode", 1L)] : []
                ),
            ],
            OrtRunner.Normal("s", 1, 4),
            OrtRunner.Normal("b", 2, 4),
            OrtRunner.Normal("m", 3, 4),
            OnnxTensor.FromFloats("v", [4], [1, 2, 3, 4])
        );
        return graph with { Opsets = new Dictionary<string, int> { [""] = opset } };
    }
}
