using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>
/// A graph of another operator set, opset by opset: what changed in each is in <see cref="OpsetRules"/>. Whether the result is right is not
/// believed: ONNX Runtime loads it and must compute the same.
/// </summary>
internal static class OpsetConversion
{
    public const int Minimum = 13,
        Maximum = 21;

    /// <exception cref="OnnxFormatException">The graph cannot be converted; the message says which node, why, and the lowest opset that it
    /// can be converted to.</exception>
    public static OnnxGraph Convert(OnnxGraph graph, int opset)
    {
        if (graph.Opset == opset)
            return graph;
        var trial = new OpsetTrial(graph);
        (OnnxGraph? converted, string? problem) = Try(graph, opset, trial);
        if (converted is not null)
            return converted;
        string advice =
            Enumerable
                .Range(opset + 1, Math.Max(0, graph.Opset - opset - 1))
                .FirstOrDefault(o => Try(graph, o, trial).Graph is not null, graph.Opset)
                is int lowest
            && lowest > opset
                ? $"The lowest opset that it can have is {lowest}."
                : "Export it with its own opset.";
        throw new OnnxFormatException(
            $"The model '{graph.Name}' of opset {graph.Opset} cannot be converted to opset {opset}: {problem} {advice}"
        );
    }

    private static (OnnxGraph? Graph, string? Problem) Try(OnnxGraph graph, int opset, OpsetTrial trial)
    {
        try
        {
            OnnxGraph converted = Rewrite(graph, opset);
            return trial.Difference(converted) is { } difference ? (null, difference) : (converted, null);
        }
        catch (OnnxFormatException e)
        {
            return (null, e.Message);
        }
        catch (OnnxRuntimeException e)
        {
            return (null, $"ONNX Runtime cannot infer its types ({e.Message.Trim()}).");
        }
    }

    /// <summary>The graph in another opset, not tried yet.</summary>
    /// <exception cref="OnnxFormatException">A node cannot be converted.</exception>
    public static OnnxGraph Rewrite(OnnxGraph graph, int opset)
    {
        LabelTail tail = LabelTail.TakeOff(graph);
        return tail.PutBack(RewriteNetwork(tail.Network, opset));
    }

    private static OnnxGraph RewriteNetwork(OnnxGraph graph, int opset)
    {
        if (graph.Opset < Minimum)
            graph = Upgrade(graph);
        var conversion = new GraphConversion(graph);
        List<OnnxNode> nodes = [.. graph.Nodes];
        for (int version = graph.Opset + 1; version <= opset; version++)
            nodes = Step(nodes, version, isDown: false, conversion);
        for (int version = graph.Opset; version > opset; version--)
            nodes = Step(nodes, version, isDown: true, conversion);
        return RemoveUnused.Apply(
            graph with
            {
                IrVersion = IrVersion(opset),
                Opsets = new Dictionary<string, int>(graph.Opsets) { [""] = opset },
                Nodes = nodes,
                Initializers = conversion.Initializers,
            }
        );
    }

    private static List<OnnxNode> Step(List<OnnxNode> nodes, int version, bool isDown, GraphConversion graph)
    {
        var converted = new List<OnnxNode>(nodes.Count);
        foreach (OnnxNode node in nodes)
        {
            var conversion = new NodeConversion(node, version, isDown, graph, converted);
            if (Inner(node).FirstOrDefault(inner => RuleOf(inner.Domain, inner.OpType) is not null) is { } changed)
                throw conversion.Impossible(
                    $"it holds a graph with {changed.OpType}, which that opset changed; graphs within nodes are not rewritten"
                );
            if (RuleOf(node.Domain, node.OpType) is { } rule)
                rule(conversion);
            else
                converted.Add(node);
        }
        return converted;

        Action<NodeConversion>? RuleOf(string domain, string opType) =>
            domain is not ("" or "ai.onnx") || OpsetRules.Find(opType, version) is not { } rule ? null
            : isDown ? rule.Down
            : rule.Up;
    }

    private static IEnumerable<NodeProto> Inner(OnnxNode node) => node.Attributes.Values.SelectMany(a => Inner(a.Proto));

    private static IEnumerable<NodeProto> Inner(AttributeProto attribute) =>
        attribute
            .Graphs.Append(attribute.G)
            .Where(g => g is not null)
            .SelectMany(g => g.Node)
            .SelectMany(n => n.Attribute.SelectMany(Inner).Prepend(n));

    private static OnnxGraph Upgrade(OnnxGraph graph)
    {
        try
        {
            return OpsetUpgrade.Apply(graph);
        }
        catch (UnsupportedOpsException e)
        {
            throw new OnnxFormatException(e.Message, e);
        }
    }

    /// <summary>The file format of the ONNX release that an opset came with: older programs read no newer one.</summary>
    private static long IrVersion(int opset) =>
        opset switch
        {
            <= 14 => 7,
            <= 18 => 8,
            <= 20 => 9,
            _ => 10,
        };
}
