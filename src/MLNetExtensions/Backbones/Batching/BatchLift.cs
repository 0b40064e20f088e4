using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones.Batching;

/// <summary>
/// Writes a graph for one image as one for any number. A value whose first dimension is the image's 1 gets the batch there. One that has
/// lost it (the <c>[2, 24, height, width]</c> of a channel shuffle, the tokens <c>[197, 192]</c> of an attention) gets the batch as a
/// further, first axis, and the axes of its operators move by one: each image is computed as before.
/// </summary>
internal sealed class BatchLift
{
    private readonly OnnxGraph _graph;
    private readonly ValueTypes _types;
    private readonly ValueNames _names;
    private readonly List<OnnxNode> _nodes = [];
    private readonly HashSet<string> _lifted = [];
    private readonly HashSet<string> _read;
    private readonly Dictionary<(string Value, string Form), string> _copies = [];
    private string? _count;

    private BatchLift(OnnxGraph graph)
    {
        _graph = graph;
        _types = ValueTypes.Infer(graph);
        _names = new ValueNames(graph);
        Flow = new DataFlow(graph);
        Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        _read = [.. graph.Nodes.SelectMany(n => n.Inputs), .. graph.Outputs.Select(o => o.Name)];
    }

    /// <summary>The values that change with the image.</summary>
    public DataFlow Flow { get; }

    /// <summary>The constants of the graph.</summary>
    public OrderedDictionary<string, OnnxTensor> Initializers { get; }

    public int Opset => _graph.Opset;

    /// <summary>True if an operator was met that is not known to treat each image alone, so that a test run must prove it.</summary>
    public bool NeedsProof { get; set; }

    /// <summary>The graph for any number of images.</summary>
    /// <param name="graph">A graph for one image.</param>
    /// <param name="obstacle">The node or value that mixes images which come together, or may; null if there is none.</param>
    /// <returns>Null if there is one.</returns>
    /// <exception cref="OnnxFormatException">The shapes of the graph do not fit together.</exception>
    public static (OnnxGraph Graph, bool NeedsProof)? Apply(OnnxGraph graph, out string? obstacle)
    {
        graph = LiftShapes(graph);
        var lift = new BatchLift(graph);
        obstacle =
            graph.Nodes.FirstOrDefault(node => !lift.Add(node))?.Describe()
            ?? graph.Outputs.FirstOrDefault(o => lift._lifted.Contains(o.Name))?.Name;
        if (obstacle is not null)
            return null;
        OnnxGraph lifted = RemoveUnused.Apply(
            BatchAxis.State(graph, null) with
            {
                IrVersion = Math.Max(graph.IrVersion, OnnxGraph.MinimumConstantIrVersion),
                Nodes = lift._nodes,
                Initializers = lift.Initializers,
            }
        );
        return (lifted, lift.NeedsProof || lift._copies.Count > 0 || lift._lifted.Count > 0);
    }

    /// <summary>The shape that a value has for one image; of constants, its own. Null if it is not known.</summary>
    public long[]? Shape(string value) =>
        Flow.IsData(value)
            ? _graph.Inputs.FirstOrDefault(i => i.Name == value) is { } input
                ? BatchAxis.InputShapes(_graph, 1)[input.Name]
                : _types.Find(value)?.Shape
            : Initializers.TryGetValue(value, out OnnxTensor? tensor)
                ? [.. tensor.Shape]
                : _types.Find(value)?.Shape;

    /// <summary>True if the batch is an additional axis of a value.</summary>
    public bool IsLifted(string value) => _lifted.Contains(value);

    /// <summary>The integers of a constant input; null if it is not given or not known.</summary>
    public long[]? Ints(OnnxNode node, int input) =>
        node.HasInput(input) && Initializers.TryGetValue(node.Inputs[input], out OnnxTensor? tensor) ? tensor.ToInt64s() : null;

    public string Constant(string wished, OnnxTensor tensor)
    {
        string name = _names.Take(wished);
        Initializers[name] = tensor.Rename(name);
        return name;
    }

    public string Ints(string wished, params long[] values) => Constant(wished, OnnxTensor.FromInt64s("", [values.Length], values));

    /// <summary>Adds a node with one new output.</summary>
    public string Node(string opType, string wished, string[] inputs, params OnnxAttribute[] attributes)
    {
        string output = _names.Take(wished);
        _nodes.Add(OnnxNode.Create(opType, inputs, [output], attributes));
        return output;
    }

    /// <summary>Adds a node whose outputs have the batch first, in place of the image's 1.</summary>
    public bool AddNatural(OnnxNode node)
    {
        _nodes.Add(node);
        return true;
    }

    /// <summary>Adds a node whose outputs have the batch as a further axis.</summary>
    public bool AddLifted(OnnxNode node)
    {
        _nodes.Add(node);
        _lifted.UnionWith(node.Outputs.Where(o => o.Length > 0));
        return true;
    }

    /// <summary>True if the batch replaces the image's dimension of 1, or can be moved there.</summary>
    public bool CanBeNatural(string value) => Shape(value) is [1, ..];

    /// <summary>The value with the batch in place of the image's 1.</summary>
    public string Natural(string value) => !IsLifted(value) ? value : Copy(value, "image", [0, .. Shape(value)![1..]]);

    /// <summary>The value with the batch as an additional axis, followed by this number of dimensions.</summary>
    public string Lifted(string value, int rank)
    {
        long[] shape = Shape(value)!;
        return IsLifted(value) && shape.Length == rank
            ? value
            : Copy(value, $"rows{rank}", [0, .. Enumerable.Repeat(1L, rank - shape.Length), .. shape]);
    }

    /// <summary>A constant with the batch first: one for each image, all alike.</summary>
    /// <param name="value">The constant.</param>
    /// <param name="isLifted">True if the batch is a further axis, or takes the place of a 1.</param>
    public string Repeat(string value, bool isLifted)
    {
        if (_copies.TryGetValue((value, $"repeated{isLifted}"), out string? repeated))
            return repeated;
        long[] shape = Shape(value)!;
        long[] rest = isLifted ? shape : shape[1..];
        string source = isLifted ? Node("Reshape", value + "/row", [value, Ints(value + "/row.shape", [1, .. shape])]) : value;
        string sizes = Node("Concat", value + "/sizes", [Count(), Ints(value + "/rest", rest)], OnnxAttribute.Of("axis", 0L));
        return _copies[(value, $"repeated{isLifted}")] = Node("Expand", value + "/repeated", [source, sizes]);
    }

    /// <summary>The number of images, a list of one number.</summary>
    public string Count()
    {
        if (_count is not null)
            return _count;
        string sizes = Node("Shape", "batch/sizes", [_graph.Inputs[0].Name]);
        return _count = Node("Gather", "batch/count", [sizes, Ints("batch/first", 0)], OnnxAttribute.Of("axis", 0L));
    }

    private string Copy(string value, string form, long[] target)
    {
        if (!_copies.TryGetValue((value, form), out string? copy))
            _copies[(value, form)] = copy = Node("Reshape", $"{value}/{form}", [value, Ints($"{value}/{form}.shape", target)]);
        return copy;
    }

    private bool Add(OnnxNode node)
    {
        if (!node.Outputs.Any(Flow.IsData))
            return AddNatural(node);
        // A body of an If or Loop reads what is around it under names that may stand for other forms.
        bool known =
            !node.Attributes.Values.Any(a => a.Proto.G is not null)
            && Flow.DataInputs(node).All(v => Shape(v) is not null)
            && node.Outputs.All(o => o.Length == 0 || !_read.Contains(o) || Shape(o) is not null);
        return known && LiftRules.Apply(this, node);
    }

    /// <summary>Replaces values computed from the sizes of the single image by constants.</summary>
    private static OnnxGraph LiftShapes(OnnxGraph graph)
    {
        graph = LiftConstants.Apply(graph);
        var flow = new DataFlow(graph);
        var measured = new HashSet<string>();
        foreach (OnnxNode node in graph.Nodes)
            if (
                !node.Outputs.Any(flow.IsData)
                && (DataFlow.MeasuresOnly(node) ? flow.IsData(node.Inputs[0]) : node.Inputs.Any(measured.Contains))
            )
                measured.UnionWith(node.Outputs);
        if (measured.Count == 0)
            return graph;
        IReadOnlyDictionary<string, OnnxTensor> constants = ValueTypes.FindConstants(graph);
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        var nodes = new List<OnnxNode>(graph.Nodes.Count);
        foreach (OnnxNode node in graph.Nodes)
        {
            if (node.Outputs.Any(measured.Contains) && node.Outputs.All(o => o.Length == 0 || constants.ContainsKey(o)))
                foreach (string output in node.Outputs.Where(o => o.Length > 0))
                    initializers[output] = constants[output].Rename(output);
            else
                nodes.Add(node);
        }
        return RemoveUnused.Apply(graph with { Nodes = nodes, Initializers = initializers });
    }
}
