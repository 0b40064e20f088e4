using MLNetExtensions.Onnx.Tensors;


namespace MLNetExtensions.Onnx.Parameters;

/// <summary>The inputs of an operator that gradients flow back to.</summary>
internal static class DifferentiableInputs
{
    private static readonly Dictionary<string, int[]> Some = new()
    {
        ["BatchNormalization"] = [0, 1, 2],
        ["Clip"] = [0],
        ["Compress"] = [0],
        ["CumSum"] = [0],
        ["DequantizeLinear"] = [0],
        ["Dropout"] = [0],
        ["Expand"] = [0],
        ["Gather"] = [0],
        ["GatherElements"] = [0],
        ["GatherND"] = [0],
        ["GRU"] = [0, 1, 2, 3, 5],
        ["LSTM"] = [0, 1, 2, 3, 5, 6, 7],
        ["MaxUnpool"] = [0],
        ["NegativeLogLikelihoodLoss"] = [0],
        ["Pad"] = [0],
        ["QuantizeLinear"] = [0],
        ["ReduceL1"] = [0],
        ["ReduceL2"] = [0],
        ["ReduceLogSum"] = [0],
        ["ReduceLogSumExp"] = [0],
        ["ReduceMax"] = [0],
        ["ReduceMean"] = [0],
        ["ReduceMin"] = [0],
        ["ReduceProd"] = [0],
        ["ReduceSum"] = [0],
        ["ReduceSumSquare"] = [0],
        ["Reshape"] = [0],
        ["Resize"] = [0],
        ["ReverseSequence"] = [0],
        ["RNN"] = [0, 1, 2, 3, 5],
        ["ScatterElements"] = [0, 2],
        ["ScatterND"] = [0, 2],
        ["Slice"] = [0],
        ["SoftmaxCrossEntropyLoss"] = [0],
        ["Split"] = [0],
        ["Squeeze"] = [0],
        ["Tile"] = [0],
        ["TopK"] = [0],
        ["Trilu"] = [0],
        ["Unsqueeze"] = [0],
        ["Upsample"] = [0],
        ["Where"] = [1, 2],
    };

    private static readonly HashSet<string> None =
    [
        "And", "ArgMax", "ArgMin", "Bernoulli", "Ceil", "ConstantOfShape", "Equal", "EyeLike", "Floor", "Greater",
        "GreaterOrEqual", "Hardmax", "IsInf", "IsNaN", "Less", "LessOrEqual", "Multinomial", "NonZero", "Not", "OneHot", "Or",
        "RandomNormalLike", "RandomUniformLike", "Range", "Round", "Shape", "Sign", "Size", "Xor",
    ];

    public static IEnumerable<string> Of(OnnxNode node)
    {
        if (None.Contains(node.OpType))
            return [];
        if (node.OpType == "Cast" && !((OnnxElementType)node.Int("to", 0)).IsFloatingPoint)
            return [];
        IEnumerable<string> inputs = Some.TryGetValue(node.OpType, out int[]? indices)
            ? indices.Where(node.HasInput).Select(i => node.Inputs[i])
            : node.Inputs;
        return inputs.Where(i => i.Length > 0);
    }
}
