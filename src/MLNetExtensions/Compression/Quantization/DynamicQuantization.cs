using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>
/// Matrix products with 8-bit weights whose inputs are turned into 8 bits batch by batch, by the range they have there
/// (DynamicQuantizeLinear, MatMulInteger): no calibration, for networks that consist of matrix products.
/// </summary>
internal sealed class DynamicQuantization
{
    private readonly OnnxGraph _graph;
    private readonly DynamicQuantizeOptions _options;
    private readonly GraphDraft _draft;
    private readonly Dictionary<string, (string Numbers, string Scale, string ZeroPoint)> _quantized = [];

    /// <param name="graph">A graph in <see cref="InferenceForm"/>.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="InvalidOperationException">No layer can be quantized.</exception>
    /// <exception cref="ArgumentException">The options name a layer that is not there.</exception>
    public DynamicQuantization(OnnxGraph graph, DynamicQuantizeOptions options)
    {
        (_graph, _options, _draft) = (graph, options, new GraphDraft(graph));
        var index = new GraphIndex(graph);
        AllLayers =
        [
            .. graph.Nodes.Select(n => LayerWeights.Of(n, index)).OfType<LayerWeights>().Where(l => l.Node.OpType is "Gemm" or "MatMul"),
        ];
        LayerWeights.CheckNames(AllLayers, options.NodesToExclude, graph, "Gemm or MatMul");
        KeptLayers = [.. AllLayers.Where(l => options.NodesToExclude.Any(l.IsNamed))];
    }

    /// <summary>The layers that could be quantized.</summary>
    public IReadOnlyList<LayerWeights> AllLayers { get; }

    /// <summary>The layers that the options leave in float.</summary>
    public IReadOnlyList<LayerWeights> KeptLayers { get; }

    public OnnxGraph Quantize()
    {
        Dictionary<OnnxNode, LayerWeights> layers = AllLayers
            .Except(KeptLayers)
            .ToDictionary(l => l.Node, (IEqualityComparer<OnnxNode>)ReferenceEqualityComparer.Instance);
        foreach (OnnxNode node in _graph.Nodes)
            if (layers.TryGetValue(node, out LayerWeights? layer))
                Add(layer);
            else
                _draft.Add(node);
        return _draft.ToGraph();
    }

    private void Add(LayerWeights layer)
    {
        QuantizedWeights weights = QuantizedWeights.Of(
            layer with
            {
                Bias = null,
            },
            inputScale: 1,
            inputMeans: null,
            _options.PerChannel,
            _options.ReduceRange && _options.WeightType != QuantizedType.UInt8
        );
        (int channels, int inputs) = (layer.Channels, weights.Numbers.Length / layer.Channels);
        sbyte[] columns = weights.Numbers;
        if (layer.Axis == 0)
        {
            // MatMulInteger has no transB.
            columns = new sbyte[columns.Length];
            for (int i = 0; i < columns.Length; i++)
                columns[i] = weights.Numbers[i % channels * inputs + i / channels];
        }
        string name = layer.Output;
        (string numbers, string scale, string zeroPoint) = Input(layer.Input);
        string weight = _draft.Add(
            (weights with { Numbers = columns }).NumbersTensor(layer.Weight.Name + "/q", [inputs, channels], _options.WeightType)
        );
        string[] weightZero =
            _options.WeightType == QuantizedType.UInt8
                ? [_draft.Add(QuantizedWeights.ZeroPoints(layer.Weight.Name + "/z", [], _options.WeightType))]
                : [];
        string step = Node(
            "Mul",
            [scale, _draft.Add(OnnxTensor.FromFloats(layer.Weight.Name + "/s", [weights.Scales.Length], weights.Scales))],
            name + "/scale"
        );
        string product = Node("MatMulInteger", [numbers, weight, zeroPoint, .. weightZero], name + "/product");
        string whole = Node("Cast", [product], name + "/whole", OnnxAttribute.Of("to", (long)OnnxElementType.Float));
        if (layer.Bias is null)
            _draft.Add(OnnxNode.Create("Mul", [whole, step], [name]));
        else
            _draft.Add(OnnxNode.Create("Add", [Node("Mul", [whole, step], name + "/scaled"), layer.Bias.Name], [name]));
    }

    /// <summary>The 8-bit form of a layer's input, made once for all layers that read it.</summary>
    private (string Numbers, string Scale, string ZeroPoint) Input(string value)
    {
        if (_quantized.TryGetValue(value, out (string, string, string) names))
            return names;
        names = (_draft.NewName(value + "/q"), _draft.NewName(value + "/s"), _draft.NewName(value + "/z"));
        _draft.Add(OnnxNode.Create("DynamicQuantizeLinear", [value], [names.Item1, names.Item2, names.Item3]));
        return _quantized[value] = names;
    }

    private string Node(string opType, IReadOnlyList<string> inputs, string output, params OnnxAttribute[] attributes)
    {
        string name = _draft.NewName(output);
        _draft.Add(OnnxNode.Create(opType, inputs, [name], attributes));
        return name;
    }
}
