using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones;

/// <summary>Finds where a network's features end: before its last layer with weights, the classifier.</summary>
internal static class ClassifierSearch
{
    // What may stand between the classifier and the output. An op outside of this list means that the file ends in features already.
    private static readonly HashSet<string> AfterClassifier =
    [
        "Add", "AveragePool", "Cast", "Dropout", "Flatten", "GlobalAveragePool", "Identity", "LogSoftmax", "ReduceMean", "Relu", "Reshape",
        "Sigmoid", "Softmax", "Squeeze", "Transpose",
    ];

    /// <summary>The name of the value that the classifier reads; the output itself where the graph ends without a classifier.</summary>
    public static string FindFeatures(OnnxGraph graph)
    {
        var flow = new DataFlow(graph);
        string output = graph.Outputs[0].Name;
        for (string value = output; flow.Producers.TryGetValue(value, out OnnxNode? node);)
        {
            string[] data = [.. flow.DataInputs(node)];
            if (data.Length != 1)
                break;
            if (node.OpType is "Gemm" or "MatMul" or "Conv")
                return SkipInert(flow, data[0]);
            if (!AfterClassifier.Contains(node.OpType))
                break;
            value = data[0];
        }
        return output;
    }

    // Dropout before the classifier belongs to the classifier.
    private static string SkipInert(DataFlow flow, string value)
    {
        while (flow.Producers.TryGetValue(value, out OnnxNode? node) && node.OpType is "Dropout" or "Identity")
            value = node.Inputs[0];
        return value;
    }
}
