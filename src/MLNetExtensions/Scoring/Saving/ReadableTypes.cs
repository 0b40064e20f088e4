using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>
/// ML.NET's ONNX transformer refuses a file with weights of a type that no column has, such as 16-bit floats, but does not look into nodes.
/// </summary>
internal static class ReadableTypes
{
    /// <summary>The same model; such weights are Constant nodes.</summary>
    public static OnnxGraph Of(OnnxGraph graph)
    {
        OnnxTensor[] unknown =
        [
            .. graph.Initializers.Values.Where(t => t.ElementType >= OnnxElementType.BFloat16 || t.ElementType == OnnxElementType.Float16),
        ];
        if (unknown.Length == 0)
            return graph;
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        foreach (OnnxTensor tensor in unknown)
            initializers.Remove(tensor.Name);
        return graph with
        {
            Nodes =
            [
                .. unknown.Select(t => OnnxNode.Create("Constant", [], [t.Name], OnnxAttribute.Of("value", t)) with { Name = "" }),
                .. graph.Nodes,
            ],
            Initializers = initializers,
            // The file's statements about values between nodes are read too.
            ValueInfos = [.. graph.ValueInfos.Where(v => v.ElementType is not (OnnxElementType.Float16 or >= OnnxElementType.BFloat16))],
        };
    }
}
