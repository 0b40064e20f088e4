using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Surgery;

/// <summary>Finds where a network's features end: before its last layer with weights, the classifier.</summary>
internal static class ClassifierSearch
{
    // Of other domains: what may stand between the classifier and the output, and classifiers. The operators of ONNX's own are in the
    // table.
    private static readonly HashSet<string> ForeignBehindClassifier =
    [
        "ArrayFeatureExtractor",
        "LabelEncoder",
        "QLinearAdd",
        "QLinearAveragePool",
        "QLinearGlobalAveragePool",
        "QLinearSigmoid",
        "QLinearSoftmax",
        "ZipMap",
    ];

    private static readonly HashSet<string> ForeignClassifiers =
    [
        "DynamicQuantizeMatMul",
        "FusedConv",
        "FusedGemm",
        "FusedMatMul",
        "MatMulIntegerToFloat",
        "MatMulNBits",
        "QGemm",
    ];

    /// <summary>The value that the classifier reads; the output itself where the graph ends without a classifier.</summary>
    public static Features FindFeatures(OnnxGraph graph)
    {
        var flow = new DataFlow(graph);
        HashSet<string> ranges = FindRanges(graph, flow);
        var output = new Features(graph.Outputs[0].Name);
        bool isNormalized = false,
            areProbabilities = false;
        for (string value = output.Value; flow.Producers.TryGetValue(value, out OnnxNode? node); )
        {
            string[] data = [.. flow.DataInputs(node).Where(i => !ranges.Contains(i))];
            if (data.Length != 1)
                break;
            if (OperatorTable.Has(node.OpType, OperatorTraits.Classifier) || ForeignClassifiers.Contains(node.OpType))
                return isNormalized && !areProbabilities && MayBeEmbedding(graph, node) ? output : Before(flow, node, data[0]);
            // Any other operator means that the file ends in features already.
            if (!OperatorTable.Has(node.OpType, OperatorTraits.BehindClassifier) && !ForeignBehindClassifier.Contains(node.OpType))
                break;
            isNormalized |= node.OpType == "BatchNormalization";
            areProbabilities |= node.OpType is "Softmax" or "LogSoftmax" or "QLinearSoftmax" or "ArgMax" or "TopK";
            value = data[0];
        }
        return output;
    }

    /// <summary>
    /// The warning for a network without a recognized classifier whose first output does not look like features: a detector's output, or a
    /// map as large as the image; null if it does.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="name">Its name in the message.</param>
    public static string? Problem(OnnxGraph graph, string name)
    {
        OnnxValue output = graph.Outputs[0];
        if (FindFeatures(graph).Value != output.Name)
            return null;
        OnnxNode? last = graph.ProducerOf(output.Name);
        bool isOdd =
            graph.Outputs.Count > 1
            || last is { OpType: "Concat" or "ConvTranspose" or "DepthToSpace" or "NonMaxSuppression" or "Resize" or "Upsample" };
        return !isOdd
            ? null
            : $"No classifier is found in the backbone '{name}': its first output {output}, made by {last?.Describe() ?? "no node"}, is "
                + $"taken as the features. "
                + "A detector's or a segmentation network's output is none: name the layer whose output they are (featureNode), or "
                + "start from a classification network.";
    }

    /// <summary>
    /// True if a last layer followed by BatchNormalization and no softmax may well be features. Face embeddings end like that and have 64,
    /// 128 ... values, and so does a backbone whose classifier was removed after a convolution. Numbers of classes are seldom such.
    /// </summary>
    private static bool MayBeEmbedding(OnnxGraph graph, OnnxNode node)
    {
        if (
            node.OpType is not ("Gemm" or "MatMul")
            || graph.Initializers.GetValueOrDefault(node.Inputs[1]) is not { Shape.Count: 2 } weights
        )
            return true;
        long width = weights.Shape[node.Int("transB", 0) != 0 ? 0 : 1];
        return width >= 64 && long.IsPow2(width);
    }

    /// <summary>The classifier's input; its float value if it was rounded only for the classifier.</summary>
    private static Features Before(DataFlow flow, OnnxNode classifier, string value)
    {
        value = SkipInert(flow, value);
        if (
            classifier.OpType
            is not ("ConvInteger" or "MatMulInteger" or "MatMulIntegerToFloat" or "QGemm" or "QLinearConv" or "QLinearMatMul")
        )
            return new Features(value);
        if (flow.Producers.TryGetValue(value, out OnnxNode? producer) && producer.OpType is "QuantizeLinear" or "DynamicQuantizeLinear")
            return new Features(SkipInert(flow, producer!.Inputs[0]));
        return new Features(value, [.. classifier.Inputs.Skip(1).Take(2)]);
    }

    /// <summary>
    /// The scales and zero points of values that are quantized while the network runs: what is computed of them alone is no data of the
    /// network.
    /// </summary>
    private static HashSet<string> FindRanges(OnnxGraph graph, DataFlow flow)
    {
        var ranges = new HashSet<string>();
        foreach (OnnxNode node in graph.Nodes)
        {
            if (node.OpType == "DynamicQuantizeLinear")
                ranges.UnionWith(node.Outputs.Skip(1));
            else if (flow.DataInputs(node).ToArray() is { Length: > 0 } data && data.All(ranges.Contains))
                ranges.UnionWith(node.Outputs);
        }
        return ranges;
    }

    // Dropout before the classifier belongs to the classifier.
    private static string SkipInert(DataFlow flow, string value)
    {
        while (flow.Producers.TryGetValue(value, out OnnxNode? node) && node.OpType is "Dropout" or "Identity")
            value = node!.Inputs[0];
        return value;
    }
}
