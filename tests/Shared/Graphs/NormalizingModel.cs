using MLNetExtensions.Onnx;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>A model of one BatchNormalization, as exported for training or for inference.</summary>
internal static class NormalizingModel
{
    public static OnnxGraph Create(int opset, int outputs, bool isTraining)
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
            DrawnTensor.Normal("s", 1, 4),
            DrawnTensor.Normal("b", 2, 4),
            DrawnTensor.Normal("m", 3, 4),
            OnnxTensor.FromFloats("v", [4], [1, 2, 3, 4])
        );
        return graph with { Opsets = new Dictionary<string, int> { [""] = opset } };
    }
}
