namespace MLNetExtensions.Onnx.Surgery;

/// <summary>A chain of nodes that is put before a graph; see <see cref="Prefix"/> for their names.</summary>
/// <param name="graph">The graph.</param>
/// <param name="input">The value that the chain starts from.</param>
internal sealed class StepList(OnnxGraph graph, string input)
{
    /// <summary>The beginning of the name of every node, value and constant that is added.</summary>
    public const string Prefix = "mlnetx/";

    private readonly ValueNames _names = new(graph);

    public int Opset => graph.Opset;

    public List<OnnxNode> Nodes { get; } = [];

    public OrderedDictionary<string, OnnxTensor> Constants { get; } = [];

    /// <summary>The end of the chain so far.</summary>
    public string Value { get; private set; } = input;

    public string Constant(OnnxTensor tensor)
    {
        string name = _names.Take(Prefix + tensor.Name);
        Constants[name] = tensor.Rename(name);
        return name;
    }

    /// <summary>Adds a node beside the chain.</summary>
    /// <returns>The name of its output.</returns>
    public string Node(string opType, string name, string[] inputs, params OnnxAttribute[] attributes)
    {
        string output = _names.Take(Prefix + name);
        Nodes.Add(OnnxNode.Create(opType, inputs, [output], attributes));
        return output;
    }

    /// <summary>Goes on from the output of a node.</summary>
    public void GoOnFrom(string output) => Value = output;

    /// <summary>Adds a node and continues from its output.</summary>
    public void Add(string opType, string name, string[] inputs, params OnnxAttribute[] attributes) =>
        Value = Node(opType, name, inputs, attributes);

    /// <summary>The graph behind the chain: what read one of its inputs reads the chain's end.</summary>
    /// <param name="replaced">That input of the graph.</param>
    /// <param name="by">The input that the chain starts from; it stands in the other's place.</param>
    public OnnxGraph Prepend(string replaced, OnnxValue by) =>
        graph with
        {
            Inputs = [.. graph.Inputs.Select(i => i.Name == replaced ? by : i)],
            Nodes =
            [
                .. Nodes,
                .. graph.Nodes.Select(n =>
                    n.Inputs.Contains(replaced) ? n with { Inputs = [.. n.Inputs.Select(i => i == replaced ? Value : i)] } : n
                ),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(Constants.Concat(graph.Initializers)),
        };

    /// <summary>True if a value was added here: its constants look like parameters but belong to the preprocessing.</summary>
    public static bool IsAdded(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
