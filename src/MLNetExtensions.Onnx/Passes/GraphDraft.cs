namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// A graph that is written anew from another: its inputs, outputs and constants, with constants added to them and the nodes so far.
/// </summary>
internal sealed class GraphDraft(OnnxGraph graph)
{
    private readonly ValueNames _names = new(graph);
    private readonly OrderedDictionary<string, OnnxTensor> _constants = new(graph.Initializers);
    private readonly List<OnnxNode> _nodes = [];

    /// <summary>A name that nothing has: the wished one, or with a number behind it where that is taken.</summary>
    public string NewName(string wished) => _names.Take(wished);

    /// <summary>Adds a constant.</summary>
    /// <returns>Its name in the graph: a new one like the tensor's.</returns>
    public string Add(OnnxTensor constant)
    {
        string name = NewName(constant.Name);
        _constants[name] = constant.Rename(name);
        return name;
    }

    /// <summary>Adds a node unchanged.</summary>
    public void Add(OnnxNode node) => _nodes.Add(node);

    /// <summary>The graph so far, without what no output needs. What the other stated of values between nodes is left out.</summary>
    public OnnxGraph ToGraph() => RemoveUnused.Apply(graph with { Nodes = _nodes, Initializers = _constants, ValueInfos = [] });
}
