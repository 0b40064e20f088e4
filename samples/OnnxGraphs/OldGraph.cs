using MLNetExtensions.Onnx;

namespace OnnxGraphsSample;

/// <summary>A graph as exporters wrote it in opset 9: limits and scales that are attributes, and Upsample.</summary>
internal static class OldGraph
{
    public static OnnxGraph Create() =>
        new()
        {
            Name = "old",
            Opsets = new Dictionary<string, int> { [""] = 9 },
            Inputs = [OnnxValue.Create("image", OnnxElementType.Float, -1, 3, 32, 32)],
            Outputs = [OnnxValue.Create("scores", OnnxElementType.Float, -1, 12288)],
            Nodes =
            [
                OnnxNode.Create("Clip", ["image"], ["limited"], OnnxAttribute.Of("min", 0f), OnnxAttribute.Of("max", 6f)),
                OnnxNode.Create("Upsample", ["limited", "scales"], ["larger"], OnnxAttribute.Of("mode", "nearest")),
                OnnxNode.Create("Flatten", ["larger"], ["flat"]),
                OnnxNode.Create("Softmax", ["flat"], ["scores"]),
            ],
            Initializers = new Dictionary<string, OnnxTensor> { ["scales"] = OnnxTensor.FromFloats("scales", [4], [1, 1, 2, 2]) },
        };
}
