using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>
/// The nodes that work on 8-bit values, and the values that are quantized. Layers work on 8 bits unless they are excluded. Pooling, Add,
/// Concat and the like do if their inputs are 8-bit and an 8-bit node follows. Nodes that only move values (Reshape, Slice, MaxPool) keep
/// their input's scale. So no value between two layers is converted to float and back, which ONNX Runtime would have to compute.
/// </summary>
internal sealed class QuantizationPlan
{
    private readonly GraphIndex _index;
    private readonly HashSet<OnnxNode> _quantized = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _values = [];
    private readonly Dictionary<string, string> _scaleOf = [];

    /// <param name="graph">A graph in <see cref="InferenceForm"/>.</param>
    /// <param name="isFloat">True if a layer is left in float.</param>
    public QuantizationPlan(OnnxGraph graph, Func<LayerWeights, bool> isFloat)
    {
        Graph = graph;
        _index = new GraphIndex(graph);
        var flow = new DataFlow(graph);
        AllLayers = [.. graph.Nodes.Select(n => LayerWeights.Of(n, _index)).OfType<LayerWeights>().Where(l => flow.IsData(l.Input))];
        Layers = [.. AllLayers.Where(l => !isFloat(l))];
        Choose(flow);
        Share();
    }

    public OnnxGraph Graph { get; }

    /// <summary>The layers that could be quantized.</summary>
    public IReadOnlyList<LayerWeights> AllLayers { get; }

    /// <summary>The layers that are.</summary>
    public IReadOnlyList<LayerWeights> Layers { get; }

    /// <summary>The values written in 8 bits.</summary>
    public IReadOnlySet<string> Values => _values;

    /// <summary>The values whose ranges must be known.</summary>
    public IEnumerable<string> MeasuredValues => _values.Select(ScaleOf).Distinct();

    /// <summary>True if a node works on 8-bit values.</summary>
    public bool IsQuantized(OnnxNode node) => _quantized.Contains(node);

    /// <summary>True if a value is the output of a node that works on 8-bit values, or of the activation that follows it.</summary>
    public bool IsMadeQuantized(string value) =>
        _index.Producers.TryGetValue(value, out OnnxNode? producer) && (IsQuantized(producer) || ActivatedBy(value) is not null);

    /// <summary>The value whose scale a value has.</summary>
    public string ScaleOf(string value)
    {
        while (_scaleOf.TryGetValue(value, out string? other))
            value = other;
        return value;
    }

    /// <summary>The Relu or Clip that makes a value of what a quantized node gives to nothing else; null for other values.</summary>
    public OnnxNode? ActivatedBy(string value) =>
        _index.Producers.TryGetValue(value, out OnnxNode? node)
        && Limits(node) is not null
        && _index.Producers.TryGetValue(node.Inputs[0], out OnnxNode? layer)
        && _quantized.Contains(layer)
        && ActivationBehind(layer) == node
            ? node
            : null;

    /// <summary>The only Relu or Clip, and nothing else, that reads a node's output; null if there is none.</summary>
    public OnnxNode? ActivationBehind(OnnxNode node) =>
        _index.OnlyReader(node.Outputs[0]) is { } reader && reader.Inputs[0] == node.Outputs[0] && Limits(reader) is not null
            ? reader
            : null;

    /// <summary>
    /// The limits between which a Relu, or a Clip with constant limits, keeps its output; null for other nodes, and if 0 is outside.
    /// </summary>
    public ValueRange? Limits(OnnxNode node)
    {
        if (node is { OpType: "Relu", Domain: "" })
            return new ValueRange(0, float.PositiveInfinity);
        if (
            node is not { OpType: "Clip", Domain: "" }
            || (node.HasInput(1) && _index.Constant(node, 1) is null)
            || (node.HasInput(2) && _index.Constant(node, 2) is null)
        )
            return null;
        float low = _index.Constant(node, 1)?.ToFloats()[0] ?? float.NegativeInfinity,
            high = _index.Constant(node, 2)?.ToFloats()[0] ?? float.PositiveInfinity;
        return low <= 0 && high >= 0 ? new ValueRange(low, high) : null;
    }

    private static bool IsConv(OnnxNode node) => node.OpType == "Conv";

    /// <summary>The value that is quantized as a node's output: the output itself, or that of the Relu or Clip that follows.</summary>
    private string Result(OnnxNode node) => (ActivationBehind(node) ?? node).Outputs[0];

    private void Choose(DataFlow flow)
    {
        HashSet<OnnxNode> layers = new(Layers.Select(l => l.Node), ReferenceEqualityComparer.Instance);
        var needed = Layers.Select(l => l.Input).ToHashSet();
        var available = new HashSet<string>(needed);
        var candidates = new List<OnnxNode>();
        foreach (OnnxNode node in Graph.Nodes)
        {
            if (layers.Contains(node))
            {
                available.Add(Result(node));
                continue;
            }
            if (!CanWorkOn(node, flow, available))
                continue;
            candidates.Add(node);
            available.UnionWith(Moves(node) ? node.Outputs.Where(o => o.Length > 0) : [Result(node)]);
        }

        _quantized.UnionWith(layers);
        foreach (OnnxNode node in Enumerable.Reverse(candidates))
        {
            if (!node.Outputs.Append(Result(node)).Any(needed.Contains))
                continue;
            _quantized.Add(node);
            needed.UnionWith(DataInputs(node, flow));
        }
        _values.UnionWith(needed.Where(v => v.Length > 0));
        // All outputs of a Split have the scale of its input.
        foreach (OnnxNode node in candidates.Where(n => IsQuantized(n) && n.OpType == "Split"))
            _values.UnionWith(node.Outputs.Where(o => o.Length > 0));
        // A convolution in whole numbers gives whole numbers; a matrix product also gives floats.
        _values.UnionWith(Layers.Where(l => IsConv(l.Node)).Select(l => Result(l.Node)));
    }

    private bool CanWorkOn(OnnxNode node, DataFlow flow, HashSet<string> available)
    {
        if (node.Domain.Length > 0)
            return false;
        if (Moves(node))
            return available.Contains(node.Inputs[0])
                && flow.IsData(node.Inputs[0])
                && node.Inputs.Skip(1).All(i => !flow.IsData(i))
                && (node.OpType == "Split" || node.Outputs.Skip(1).All(o => o.Length == 0));
        // ONNX Runtime's pooling in whole numbers knows no dilations.
        if (node.OpType == "AveragePool" && node.Ints("dilations") is { } dilations && dilations.Any(d => d != 1))
            return false;
        return Computes(node) && node.Inputs.All(i => flow.IsData(i) && available.Contains(i));
    }

    private static IEnumerable<string> DataInputs(OnnxNode node, DataFlow flow) =>
        Computes(node) ? node.Inputs : node.Inputs.Take(1).Where(flow.IsData);

    /// <summary>True if a node has a kernel in whole numbers, of inputs and outputs with scales of their own.</summary>
    private static bool Computes(OnnxNode node) => OperatorTable.Find(node.OpType)?.Int8 == Int8Rule.Computed;

    /// <summary>True if a node only moves values of its first input.</summary>
    private bool Moves(OnnxNode node) => OperatorTable.Find(node.OpType)?.Int8 == Int8Rule.Moved || IsPad(node);

    /// <summary>Padding with zeros, which 8 bits keep.</summary>
    private bool IsPad(OnnxNode node) =>
        node is { OpType: "Pad", Domain: "" }
        && node.String("mode", "constant") == "constant"
        && (!node.HasInput(2) || (_index.Constant(node, 2) is { ElementType: OnnxElementType.Float } value && value.ToFloats()[0] == 0));

    /// <summary>The limits of the Relu or Clip that makes a value; null for other values.</summary>
    private ValueRange? LimitsOf(string value) => _index.Producers.TryGetValue(value, out OnnxNode? node) ? Limits(node) : null;

    /// <summary>True if a value with one reader may take that reader's scale, where it is computed or where it was moved from.</summary>
    private bool CanTakeScale(string value, OnnxNode reader)
    {
        if (!IsMadeQuantized(value) || _index.OnlyReader(value) != reader)
            return false;
        OnnxNode producer = _index.Producers[value];
        return !(Moves(producer)) || (producer.Outputs.Count == 1 && CanTakeScale(producer.Inputs[0], producer));
    }

    /// <summary>Finds the values that have the scale of others.</summary>
    private void Share()
    {
        foreach (OnnxNode node in Graph.Nodes.Reverse().Where(IsQuantized))
        {
            if (node.OpType == "Concat")
            {
                // With the scale of the whole, the parts need not be converted; their own scale would be lost in the whole's anyway. But
                // the Relu of one part would no longer end where the numbers do.
                bool alike = node.Inputs.Select(LimitsOf).Distinct().Count() == 1;
                foreach (string input in node.Inputs.Distinct().Where(i => alike && CanTakeScale(i, node)))
                    _scaleOf.TryAdd(input, node.Outputs[0]);
            }
            else if (Moves(node))
            {
                string input = node.Inputs[0];
                foreach (string output in node.Outputs.Where(_values.Contains))
                    if (!_scaleOf.ContainsKey(output))
                        _scaleOf[output] = input;
                    else if (_index.OnlyReader(input) == node && node.Outputs.Count == 1)
                        _scaleOf.TryAdd(input, ScaleOf(output));
            }
        }
    }
}
