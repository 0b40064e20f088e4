using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Columns;

/// <summary>Divides rows by their length.</summary>
internal static class UnitLength
{
    /// <summary>What a row of zeros is divided by.</summary>
    public const float Least = 1e-12f;

    /// <summary>Adds the nodes.</summary>
    public static string AddTo(ColumnGraph graph, string rows)
    {
        var nodes = new GraphNodes(graph);
        string length = graph.Nodes.Add("ReduceL2", [rows], OnnxAttribute.Of("axes", [1L]), OnnxAttribute.Of("keepdims", 1L));
        return nodes.Add("Div", rows, nodes.Add("Max", length, graph.Floats("leastLength", [], Least)));
    }
}
