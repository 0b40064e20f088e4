using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Compression.Float16;

/// <summary>
/// Writes a graph whose arithmetic is in 16-bit floats, between inputs and outputs of 32 bits. Operators that have no 16-bit form, or are
/// to stay, get Casts around them.
/// </summary>
internal sealed class HalfGraph
{
    private readonly OnnxGraph _graph;
    private readonly Float16Options _options;
    private readonly LoweringValues _values;
    private readonly GraphIndex _index;
    private readonly GraphDraft _draft;
    private readonly List<string> _warnings;
    private readonly HashSet<OnnxNode> _converted = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> _halves = [];

    private HalfGraph(OnnxGraph graph, Float16Options options, List<string> warnings)
    {
        (_graph, _options, _warnings) = (graph, options, warnings);
        _values = GraphLowering.Evaluate(graph);
        _index = new GraphIndex(graph);
        _draft = new GraphDraft(graph);
    }

    /// <summary>Writes the graph.</summary>
    /// <param name="graph">A graph in <see cref="InferenceForm"/>.</param>
    /// <param name="options">The settings.</param>
    /// <param name="warnings">Receives warnings.</param>
    /// <returns>The graph, and the nodes whose arithmetic is in 16 bits.</returns>
    /// <exception cref="OnnxFormatException">The sizes of an input are open, so that types cannot be inferred.</exception>
    public static (OnnxGraph Graph, IReadOnlyCollection<OnnxNode> Converted) Write(
        OnnxGraph graph,
        Float16Options options,
        List<string> warnings
    )
    {
        if (graph.OpenInput is { } open)
            throw new OnnxFormatException(
                $"The sizes of the input {open} of the graph '{graph.Name}' are open, so that the types of its values cannot be "
                    + $"inferred. Give Preprocessing, or export it with fixed sizes."
            );
        var writer = new HalfGraph(graph, options, warnings);
        return (writer.Write(), writer._converted);
    }

    private OnnxGraph Write()
    {
        _converted.UnionWith(_graph.Nodes.Where(CanConvert));
        foreach (OnnxNode node in _graph.Nodes)
            Add(node);
        return _draft.ToGraph();
    }

    private void Add(OnnxNode node)
    {
        if (!_converted.Contains(node))
        {
            _draft.Add(node);
            return;
        }
        string[] inputs = [.. node.Inputs.Select(i => IsFloat(i) ? Half(i) : i)];
        string[] outputs = [.. node.Outputs.Select((o, i) => IsFloat(o) && !IsStatistic(node, i) ? _draft.NewName(o + "/h") : o)];
        _draft.Add(node with { Inputs = inputs, Outputs = outputs });
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i] == node.Outputs[i])
                continue;
            _halves[node.Outputs[i]] = outputs[i];
            if (_index.IsKept(node.Outputs[i]) || _index.Readers(node.Outputs[i]).Any(r => !_converted.Contains(r)))
                _draft.Add(Cast(outputs[i], node.Outputs[i], OnnxElementType.Float));
        }
    }

    /// <summary>True if an output has 32 bits whatever the input has: the mean and the deviation of a LayerNormalization.</summary>
    private static bool IsStatistic(OnnxNode node, int output) => node.OpType == "LayerNormalization" && output > 0;

    private bool CanConvert(OnnxNode node) =>
        OperatorTable.Find(node)?.Has(OperatorTraits.Float16) == true
        && !_options.FloatOperators.Contains(node.OpType)
        && node.Outputs.Any(IsFloat)
        && node.Inputs.Any(IsFloat);

    private bool IsFloat(string value) =>
        value.Length > 0
        && _values.Types.TryGetValue(_values.Resolve(value), out TensorType? type)
        && type.ElementType == OnnxElementType.Float;

    /// <summary>The 16-bit twin of a value: a constant, what a converted node made, or a Cast.</summary>
    private string Half(string value)
    {
        if (_halves.TryGetValue(value, out string? half))
            return half;
        string wished = value + "/h";
        if (_graph.Initializers.TryGetValue(value, out OnnxTensor? constant))
            return _halves[value] = _draft.Add(HalfWeights.ToHalf(constant, _warnings).Rename(wished));
        half = _halves[value] = _draft.NewName(wished);
        _draft.Add(Cast(value, half, OnnxElementType.Float16));
        return half;
    }

    /// <summary>A Cast without a name of its own: its output's may be another node's.</summary>
    private static OnnxNode Cast(string input, string output, OnnxElementType type) =>
        OnnxNode.Create("Cast", [input], [output], OnnxAttribute.Of("to", (long)type)) with
        {
            Name = "",
        };
}
