using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// The nodes behind a network that only tell its answers in other words: the names of classes (<c>ai.onnx.ml.LabelEncoder</c>), and the
/// nodes that hold slot names for ML.NET, which nothing reads. They come off before a graph is rewritten, whose operators the rewriting
/// must know, and go back on afterward.
/// </summary>
internal sealed class LabelTail
{
    private const string Domain = "ai.onnx.ml";

    private readonly OnnxGraph _whole;
    private readonly IReadOnlyList<OnnxNode> _nodes;

    private LabelTail(OnnxGraph whole, IReadOnlyList<OnnxNode> nodes, OnnxGraph network) =>
        (_whole, _nodes, Network) = (whole, nodes, network);

    /// <summary>The graph without the tail. What the tail reads is among its outputs, behind those that are the graph's.</summary>
    public OnnxGraph Network { get; }

    /// <summary>Removes the tail, unless another part of the graph reads its outputs.</summary>
    public static LabelTail TakeOff(OnnxGraph graph)
    {
        var tail = new List<OnnxNode>();
        var made = new HashSet<string>();
        foreach (OnnxNode node in graph.Nodes)
        {
            bool isBehind = node.Inputs.Any(made.Contains);
            if (node.Domain == Domain || isBehind)
            {
                if (node.Domain != Domain && OperatorTable.Find(node)?.Has(OperatorTraits.Unchanging) != true)
                    return new LabelTail(graph, [], graph);
                tail.Add(node);
                made.UnionWith(node.Outputs.Where(o => o.Length > 0));
            }
        }
        if (tail.Count == 0)
            return new LabelTail(graph, [], graph);
        HashSet<OnnxNode> own = new(tail, ReferenceEqualityComparer.Instance);
        OnnxNode[] rest = [.. graph.Nodes.Where(n => !own.Contains(n))];
        OnnxValue[] outputs = [.. graph.Outputs.Where(o => !made.Contains(o.Name))];
        HashSet<string> between = [.. rest.SelectMany(n => n.Outputs).Where(o => o.Length > 0).Except(outputs.Select(o => o.Name))];
        return new LabelTail(
            graph,
            tail,
            graph with
            {
                Nodes = rest,
                Outputs =
                [
                    .. outputs,
                    .. tail.SelectMany(n => n.Inputs)
                        .Where(between.Contains)
                        .Distinct()
                        .Select(name => new OnnxValue(name, OnnxElementType.Undefined, null)),
                ],
            }
        );
    }

    /// <summary>The tail behind a network that came of <see cref="Network"/>.</summary>
    public OnnxGraph PutBack(OnnxGraph network)
    {
        if (_nodes.Count == 0)
            return network;
        var initializers = new OrderedDictionary<string, OnnxTensor>(network.Initializers);
        foreach (string name in _nodes.SelectMany(n => n.Inputs))
            if (_whole.Initializers.TryGetValue(name, out OnnxTensor? tensor))
                initializers.TryAdd(name, tensor);
        var opsets = new Dictionary<string, int>(network.Opsets);
        foreach ((string domain, int version) in _whole.Opsets)
            opsets.TryAdd(domain, version);
        return network with
        {
            Opsets = opsets,
            Nodes = [.. network.Nodes, .. _nodes],
            Initializers = initializers,
            Outputs = _whole.Outputs,
        };
    }
}
