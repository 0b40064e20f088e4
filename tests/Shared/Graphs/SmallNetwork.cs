using MLNetExtensions.Onnx;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>Conv(stride 2) -> Relu -> GlobalAveragePool -> Flatten -> Gemm -> Softmax, 4 features, 2 classes.</summary>
internal static class SmallNetwork
{
    public static OnnxGraph Create(params long[] inputSizes) =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 13 },
            Inputs = [OnnxValue.Create("image", OnnxElementType.Float, inputSizes)],
            Outputs = [OnnxValue.Create("probability", OnnxElementType.Float, -1, 2)],
            Nodes =
            [
                OnnxNode.Create(
                    "Conv",
                    ["image", "conv.weight", "conv.bias"],
                    ["c"],
                    OnnxAttribute.Of("kernel_shape", 3L, 3L),
                    OnnxAttribute.Of("strides", 2L, 2L),
                    OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)
                ),
                OnnxNode.Create("Relu", ["c"], ["r"]),
                OnnxNode.Create("GlobalAveragePool", ["r"], ["p"]),
                OnnxNode.Create("Flatten", ["p"], ["f"]),
                OnnxNode.Create("Gemm", ["f", "fc.weight", "fc.bias"], ["logits"], OnnxAttribute.Of("transB", 1L)),
                OnnxNode.Create("Softmax", ["logits"], ["probability"], OnnxAttribute.Of("axis", 1L)),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>
            {
                ["conv.weight"] = Weights("conv.weight", 4, 3, 3, 3),
                ["conv.bias"] = Weights("conv.bias", 4),
                ["fc.weight"] = Weights("fc.weight", 2, 4),
                ["fc.bias"] = Weights("fc.bias", 2),
            },
        };

    private static OnnxTensor Weights(string name, params long[] shape)
    {
        var random = new Random(name.Length);
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() - 0.5f;
        return OnnxTensor.FromFloats(name, shape, values);
    }
}
