using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>Two convolutions with BatchNorm, pooling, dropout and a linear layer, for images of 16x16.</summary>
internal static class SmallCnn
{
    public const int Side = 16;

    public static OnnxGraph Create(int outputs)
    {
        var random = new Random(2);
        OnnxTensor[] weights =
        [
            Batches.Weight(random, "conv1.weight", 8, 3, 3, 3),
            .. BatchNorm("bn1"),
            Batches.Weight(random, "conv2.weight", 8, 8, 3, 3),
            .. BatchNorm("bn2"),
            Batches.Weight(random, "fc.weight", outputs, 8),
            OnnxTensor.FromFloats("fc.bias", [outputs], new float[outputs]),
        ];
        return new OnnxGraph
        {
            Name = "small",
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3, Side, Side)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, outputs)],
            Nodes =
            [
                Conv("x", "conv1"),
                Norm("conv1", "bn1"),
                OnnxNode.Create("Relu", ["bn1"], ["r1"]),
                Conv("r1", "conv2"),
                Norm("conv2", "bn2"),
                OnnxNode.Create("Relu", ["bn2"], ["r2"]),
                OnnxNode.Create("GlobalAveragePool", ["r2"], ["pool"]),
                OnnxNode.Create("Flatten", ["pool"], ["flat"]),
                OnnxNode.Create("Dropout", ["flat"], ["dropped"]),
                OnnxNode.Create("Gemm", ["dropped", "fc.weight", "fc.bias"], ["logits"], OnnxAttribute.Of("transB", 1)),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(weights.Select(w => KeyValuePair.Create(w.Name, w))),
        };
    }

    private static OnnxNode Conv(string input, string name) =>
        OnnxNode.Create(
            "Conv",
            [input, $"{name}.weight"],
            [name],
            OnnxAttribute.Of("strides", 2L, 2L),
            OnnxAttribute.Of("pads", 1L, 1, 1, 1)
        );

    private static OnnxNode Norm(string input, string name) =>
        OnnxNode.Create("BatchNormalization", [input, $"{name}.weight", $"{name}.bias", $"{name}.mean", $"{name}.var"], [name]);

    private static IEnumerable<OnnxTensor> BatchNorm(string name) =>
        new[] { ("weight", 1f), ("bias", 0f), ("mean", 0f), ("var", 1f) }.Select(p =>
            OnnxTensor.FromFloats($"{name}.{p.Item1}", [8], [.. Enumerable.Repeat(p.Item2, 8)])
        );
}
