using MLNetExtensions.Onnx;

namespace MLNetExtensions.TestData;

/// <summary>A network of 8-bit values: what is below 10 is nothing to it, so that normalized pixels are all alike.</summary>
internal static class PickyBackbone
{
    public static OnnxGraph Create() =>
        new()
        {
            Name = "picky",
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("image", OnnxElementType.Float, -1, 3, 12, 12)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, 5)],
            Nodes =
            [
                OnnxNode.Create("Sub", ["image", "ten"], ["s"]),
                OnnxNode.Create("Relu", ["s"], ["r"]),
                OnnxNode.Create("GlobalAveragePool", ["r"], ["p"]),
                OnnxNode.Create("Flatten", ["p"], ["f"]),
                OnnxNode.Create("Gemm", ["f", "fc.weight"], ["logits"]),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>
            {
                ["ten"] = OnnxTensor.FromFloats("ten", [], [10]),
                ["fc.weight"] = OnnxTensor.FromFloats("fc.weight", [3, 5], [.. Enumerable.Range(0, 15).Select(i => 0.1f * (i % 4))]),
            },
        };
}
