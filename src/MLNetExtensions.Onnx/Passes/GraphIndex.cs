namespace MLNetExtensions.Onnx.Passes;

/// <summary>The producer and the readers of each value of a graph.</summary>
internal sealed class GraphIndex
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, List<OnnxNode>> _readers = [];
    private readonly HashSet<string> _kept;

    public GraphIndex(OnnxGraph graph)
    {
        _graph = graph;
        _kept = [.. graph.Outputs.Select(o => o.Name)];
        foreach (OnnxNode node in graph.Nodes)
        {
            foreach (string output in node.Outputs.Where(o => o.Length > 0))
                Producers[output] = node;
            foreach (string input in node.Inputs.Where(i => i.Length > 0))
            {
                if (!_readers.TryGetValue(input, out List<OnnxNode>? readers))
                    _readers.Add(input, readers = []);
                readers.Add(node);
            }
            // Values that a body of If or Loop reads must keep their names.
            foreach (OnnxAttribute attribute in node.Attributes.Values)
                RemoveUnused.AddCaptured(attribute.Proto, _kept);
        }
    }

    /// <summary>The node that makes each value.</summary>
    public Dictionary<string, OnnxNode> Producers { get; } = [];

    /// <summary>The nodes that read a value, once for each of their inputs that does.</summary>
    public IReadOnlyList<OnnxNode> Readers(string value) => _readers.TryGetValue(value, out List<OnnxNode>? readers) ? readers : [];

    /// <summary>True if a value is an output of the graph or is read by a subgraph inside a node.</summary>
    public bool IsKept(string value) => _kept.Contains(value);

    /// <summary>
    /// The one node that reads a value, at one of its inputs; null if there are more, or where the value is an output of the graph.
    /// </summary>
    public OnnxNode? OnlyReader(string value) => !IsKept(value) && Readers(value) is [var reader] ? reader : null;

    /// <summary>The initializer of a node's input; null if it is no initializer or not given.</summary>
    public OnnxTensor? Constant(OnnxNode node, int input) =>
        node.HasInput(input) ? _graph.Initializers.GetValueOrDefault(node.Inputs[input]) : null;
}
