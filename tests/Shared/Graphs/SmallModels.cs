using MLNetExtensions.Onnx;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>Models of a node or a few, of any types and shapes.</summary>
internal static class SmallModels
{
    public static OnnxGraph Create(
        IReadOnlyList<OnnxValue> inputs,
        IReadOnlyList<OnnxValue> outputs,
        IReadOnlyList<OnnxNode> nodes,
        params OnnxTensor[] constants
    )
    {
        var initializers = new OrderedDictionary<string, OnnxTensor>();
        foreach (OnnxTensor constant in constants)
            initializers.Add(constant.Name, constant);
        return new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = inputs,
            Outputs = outputs,
            Nodes = nodes,
            Initializers = initializers,
        };
    }

    /// <summary>y = x, of any type.</summary>
    public static OnnxGraph Identity(OnnxElementType type, params long[] sizes) =>
        Create([OnnxValue.Create("x", type, sizes)], [OnnxValue.Create("y", type, sizes)], [OnnxNode.Create("Identity", ["x"], ["y"])]);

    /// <summary>
    /// y [batch, 3] = 2 a + b, with a [batch, 3] and b [batch]; sum [batch] = the sum of y's row; largest [batch] = the position of its
    /// largest.
    /// </summary>
    public static OnnxGraph SeveralValues() =>
        Create(
            [OnnxValue.Create("a", OnnxElementType.Float, -1, 3), OnnxValue.Create("b", OnnxElementType.Float, -1)],
            [
                OnnxValue.Create("y", OnnxElementType.Float, -1, 3),
                OnnxValue.Create("sum", OnnxElementType.Float, -1),
                OnnxValue.Create("largest", OnnxElementType.Int64, -1),
            ],
            [
                OnnxNode.Create("Mul", ["a", "two"], ["doubled"]),
                OnnxNode.Create("Unsqueeze", ["b", "one"], ["column"]),
                OnnxNode.Create("Add", ["doubled", "column"], ["y"]),
                OnnxNode.Create("ReduceSum", ["y", "one"], ["sum"], OnnxAttribute.Of("keepdims", 0L)),
                OnnxNode.Create("ArgMax", ["y"], ["largest"], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("keepdims", 0L)),
            ],
            OnnxTensor.FromFloats("two", [1], [2]),
            OnnxTensor.FromInt64s("one", [1], [1])
        );

    /// <summary>logits [batch, 3] = the pixels' mean of each channel, of images [batch, 3, height, width].</summary>
    public static OnnxGraph ChannelMeans(int height, int width) =>
        Create(
            [OnnxValue.Create("image", OnnxElementType.Float, -1, 3, height, width)],
            [OnnxValue.Create("logits", OnnxElementType.Float, -1, 3)],
            [OnnxNode.Create("GlobalAveragePool", ["image"], ["means"]), OnnxNode.Create("Flatten", ["means"], ["logits"])]
        );
}
