using System.Runtime.CompilerServices;

namespace MLNetExtensions.Onnx;

/// <summary>The node that makes each value: found once for the nodes of a graph, which never change.</summary>
internal static class NodeProducers
{
    private static readonly ConditionalWeakTable<IReadOnlyList<OnnxNode>, Dictionary<string, OnnxNode>> Found = [];

    public static IReadOnlyDictionary<string, OnnxNode> Of(IReadOnlyList<OnnxNode> nodes) => Found.GetValue(nodes, Collect);

    private static Dictionary<string, OnnxNode> Collect(IReadOnlyList<OnnxNode> nodes)
    {
        var producers = new Dictionary<string, OnnxNode>();
        foreach (OnnxNode node in nodes)
        foreach (string output in node.Outputs)
            producers.TryAdd(output, node);
        return producers;
    }
}
