using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>
/// Writes a plan as a graph in the QDQ form: each 8-bit value passes a QuantizeLinear and a DequantizeLinear, weights and biases are stored
/// as whole numbers before a DequantizeLinear. A runtime that knows the form computes in whole numbers; any other still computes the same
/// in float. A Relu or Clip whose limits are those of the 8-bit numbers goes.
/// </summary>
internal sealed class QdqWriter
{
    private readonly QuantizationPlan _plan;
    private readonly IReadOnlyDictionary<string, QuantizationParameters> _parameters;
    private readonly IReadOnlyDictionary<OnnxNode, QuantizedWeights> _weights;
    private readonly bool _perChannel;
    private readonly QuantizedType _weightType;
    private readonly bool _forTraining;
    private readonly Dictionary<OnnxNode, string> _biases = new(ReferenceEqualityComparer.Instance);
    private readonly GraphDraft _draft;
    private readonly Dictionary<string, string> _read = [];
    private readonly Dictionary<string, (string Scale, string ZeroPoint)> _constants = [];
    private readonly Dictionary<string, (QuantizedWeights Weights, string Name)> _writtenWeights = [];

    private QdqWriter(
        QuantizationPlan plan,
        IReadOnlyDictionary<string, QuantizationParameters> parameters,
        IReadOnlyDictionary<OnnxNode, QuantizedWeights> weights,
        bool perChannel,
        QuantizedType weightType,
        bool forTraining
    )
    {
        (_plan, _parameters, _weights, _perChannel, _weightType, _forTraining) = (
            plan,
            parameters,
            weights,
            perChannel,
            weightType,
            forTraining
        );
        _draft = new GraphDraft(plan.Graph);
    }

    /// <summary>Writes the graph.</summary>
    /// <param name="plan">The nodes and values to quantize.</param>
    /// <param name="parameters">The scale and zero point of each measured value.</param>
    /// <param name="weights">The weights of each layer.</param>
    /// <param name="perChannel">True if their scales are those of channels.</param>
    /// <param name="weightType">The 8-bit type of their weights.</param>
    public static OnnxGraph Write(
        QuantizationPlan plan,
        IReadOnlyDictionary<string, QuantizationParameters> parameters,
        IReadOnlyDictionary<OnnxNode, QuantizedWeights> weights,
        bool perChannel,
        QuantizedType weightType
    )
    {
        var writer = new QdqWriter(plan, parameters, weights, perChannel, weightType, forTraining: false);
        return writer.Write();
    }

    /// <summary>Writes the graph with weights and biases as floats, the weights rounded on their way: for training.</summary>
    /// <returns>The graph, and the name of each layer's bias.</returns>
    public static (OnnxGraph Graph, IReadOnlyDictionary<OnnxNode, string> Biases) WriteForTraining(
        QuantizationPlan plan,
        IReadOnlyDictionary<string, QuantizationParameters> parameters,
        IReadOnlyDictionary<OnnxNode, QuantizedWeights> weights,
        bool perChannel,
        QuantizedType weightType
    )
    {
        var writer = new QdqWriter(plan, parameters, weights, perChannel, weightType, forTraining: true);
        return (writer.Write(), writer._biases);
    }

    private OnnxGraph Write()
    {
        foreach (OnnxValue input in _plan.Graph.Inputs.Where(i => _plan.Values.Contains(i.Name)))
            Quantize(input.Name);
        foreach (OnnxNode node in _plan.Graph.Nodes)
            Add(node);
        return _draft.ToGraph();
    }

    private void Add(OnnxNode node)
    {
        // The quantized node before it has written its output already.
        if (node.Outputs.Count == 1 && _plan.ActivatedBy(node.Outputs[0]) == node && IsImplied(node))
            return;
        bool quantized = _plan.IsQuantized(node);
        string[] inputs = [.. node.Inputs];
        if (quantized)
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = _read.GetValueOrDefault(inputs[i], inputs[i]);
        if (_weights.TryGetValue(node, out QuantizedWeights? weights))
            inputs = [inputs[0], .. WriteWeights(node, weights)];
        else if (
            !_forTraining
            && node is { OpType: "Conv" or "ConvTranspose" or "Gemm", Domain: "" }
            && _plan.Values.Contains(inputs[0])
            && _plan.IsMadeQuantized(inputs[0])
        )
            inputs = [.. inputs.Take(2), .. KeepFloat(node)];

        string[] outputs = [.. node.Outputs];
        if (quantized && _plan.ActivationBehind(node) is { } activation && IsImplied(activation))
            outputs = [.. activation.Outputs];
        string[] values = [.. outputs];
        for (int i = 0; i < outputs.Length; i++)
            if (_plan.Values.Contains(outputs[i]) && _plan.IsMadeQuantized(outputs[i]))
                outputs[i] = _draft.NewName(outputs[i] + "/f");
        _draft.Add(node with { Inputs = inputs, Outputs = outputs });
        for (int i = 0; i < values.Length; i++)
            if (values[i] != outputs[i])
                Requantize(outputs[i], values[i]);
            else if (_plan.Values.Contains(values[i]))
                Quantize(values[i]);
    }

    /// <summary>True if the 8-bit range of a Relu's or Clip's output ends where the node clips.</summary>
    private bool IsImplied(OnnxNode activation)
    {
        if (!_plan.Values.Contains(activation.Outputs[0]))
            return false;
        ValueRange limits = _plan.Limits(activation)!.Value,
            range = Parameters(activation.Outputs[0]).Range;
        // Half a step beyond a limit still rounds to it.
        float half = Parameters(activation.Outputs[0]).Scale / 2;
        return range.Low > limits.Low - half && range.High < limits.High + half;
    }

    private QuantizationParameters Parameters(string value) => _parameters[_plan.ScaleOf(value)];

    /// <summary>A value of a quantized node becomes what its 8-bit numbers stand for, for all that read it.</summary>
    private void Requantize(string raw, string value)
    {
        (string scale, string zeroPoint) = Constants(value);
        string numbers = Linear("QuantizeLinear", [raw, scale, zeroPoint], value + "/q", null);
        _draft.Add(Node("DequantizeLinear", [numbers, scale, zeroPoint], value, null));
    }

    /// <summary>A float value gets a twin in 8 bits, which quantized nodes read.</summary>
    private void Quantize(string value)
    {
        (string scale, string zeroPoint) = Constants(value);
        string numbers = Linear("QuantizeLinear", [value, scale, zeroPoint], value + "/q", null);
        _read[value] = Linear("DequantizeLinear", [numbers, scale, zeroPoint], value + "/d", null);
    }

    private (string Scale, string ZeroPoint) Constants(string value)
    {
        string root = _plan.ScaleOf(value);
        if (_constants.TryGetValue(root, out (string, string) names))
            return names;
        QuantizationParameters parameters = _parameters[root];
        return _constants[root] = (_draft.Add(parameters.ScaleTensor(root + "/s")), _draft.Add(parameters.ZeroPointTensor(root + "/z")));
    }

    /// <returns>The names of the weight and, where there is one, of the bias.</returns>
    private IEnumerable<string> WriteWeights(OnnxNode node, QuantizedWeights weights)
    {
        LayerWeights layer = _plan.Layers.First(l => l.Node == node);
        string name = layer.Weight.Name;
        // A weight that several layers read is stored once; its bias hangs on each layer's input.
        string key = $"{name}/{layer.Axis}";
        if (
            !_writtenWeights.TryGetValue(key, out (QuantizedWeights Weights, string Name) written)
            || !written.Weights.Scales.AsSpan().SequenceEqual(weights.Scales)
        )
        {
            long[] channels = _perChannel ? [weights.Scales.Length] : [];
            string scale = _draft.Add(OnnxTensor.FromFloats(name + "/s", channels, weights.Scales));
            string zeroPoint = _draft.Add(QuantizedWeights.ZeroPoints(name + "/z", channels, _weightType));
            string numbers = _forTraining
                ? Linear("QuantizeLinear", [Limited(layer, weights), scale, zeroPoint], name + "/q", _perChannel ? layer.Axis : null)
                : _draft.Add(weights.NumbersTensor(name + "/q", [.. layer.Weight.Shape], _weightType));
            string weight = Linear("DequantizeLinear", [numbers, scale, zeroPoint], name + "/d", _perChannel ? layer.Axis : null);
            _writtenWeights[key] = written = (weights, weight);
        }
        yield return written.Name;
        if (weights.Bias is not { } bias)
            yield break;
        string biasName = layer.Bias?.Name ?? name + "/bias";
        float inputScale = Parameters(layer.Input).Scale;
        if (_forTraining)
        {
            yield return _biases[node] = _draft.Add(OnnxTensor.FromFloats(biasName, [bias.Length], weights.BiasValues(inputScale)!));
            yield break;
        }
        float[] scales = [.. weights.Scales.Select(s => s * inputScale)];
        yield return Linear(
            "DequantizeLinear",
            [
                _draft.Add(OnnxTensor.FromArray(biasName + "/q", OnnxElementType.Int32, [bias.Length], bias)),
                _draft.Add(OnnxTensor.FromFloats(biasName + "/s", _perChannel ? [scales.Length] : [], scales)),
            ],
            biasName + "/d",
            _perChannel ? 0 : null
        );
    }

    /// <summary>A weight that is trained, kept within the numbers that it may become.</summary>
    private string Limited(LayerWeights layer, QuantizedWeights weights)
    {
        if (!weights.Limits.IsReduced)
            return layer.Weight.Name;
        // Nearly half a step beyond its limit a weight is still rounded to it; only from there on it is not trained.
        const float beyond = 0.49f;
        (string name, long[] shape) = (layer.Weight.Name, [.. layer.Weight.Shape]);
        float[] steps =
        [
            .. Enumerable
                .Range(0, weights.Numbers.Length)
                .Select(i => weights.Scales[weights.Scales.Length > 1 ? i / layer.InnerSize % layer.Channels : 0]),
        ];
        string low = _draft.Add(
            OnnxTensor.FromFloats(name + "/low", shape, [.. steps.Select((step, i) => (weights.Limits.Low(i) - beyond) * step)])
        );
        string high = _draft.Add(
            OnnxTensor.FromFloats(name + "/high", shape, [.. steps.Select((step, i) => (weights.Limits.High(i) + beyond) * step)])
        );
        return Linear("Max", [Linear("Min", [name, high], name + "/below", null), low], name + "/within", null);
    }

    /// <summary>
    /// The bias of a layer that stays in float behind an 8-bit value. ONNX Runtime quantizes such a layer by itself, with one scale for all
    /// of its weights, where weight and bias are plain constants (its WeightBiasQuantization); a bias of 32-bit numbers, as exact as a
    /// float, keeps it from doing so.
    /// </summary>
    private IEnumerable<string> KeepFloat(OnnxNode node)
    {
        OnnxTensor? bias = node.HasInput(2) ? _plan.Graph.Initializers.GetValueOrDefault(node.Inputs[2]) : null;
        if (
            !_plan.Graph.Initializers.TryGetValue(node.Inputs[1], out OnnxTensor? weight)
            || (node.HasInput(2) && bias is not { Shape.Count: 1 })
        )
            return node.Inputs.Skip(2);
        long channels = node.OpType switch
        {
            "Conv" => weight.Shape[0],
            "ConvTranspose" => weight.Shape[1] * node.Int("group", 1),
            _ => weight.Shape[node.Int("transB", 0) != 0 ? 0 : 1],
        };
        float[] values = bias?.ToFloats() ?? new float[channels];
        float largest = values.Max(Math.Abs),
            step = largest > 1e-20f ? largest / (1 << 30) : 1;
        int[] numbers = [.. values.Select(v => (int)Math.Round((double)v / step))];
        string name = bias?.Name ?? weight.Name + "/bias";
        return
        [
            Linear(
                "DequantizeLinear",
                [
                    _draft.Add(OnnxTensor.FromArray(name + "/q", OnnxElementType.Int32, [numbers.Length], numbers)),
                    _draft.Add(OnnxTensor.FromFloats(name + "/s", [], [step])),
                ],
                name + "/d",
                null
            ),
        ];
    }

    /// <returns>The name of the node's output.</returns>
    private string Linear(string opType, IReadOnlyList<string> inputs, string output, int? axis)
    {
        string name = _draft.NewName(output);
        _draft.Add(Node(opType, inputs, name, axis));
        return name;
    }

    /// <summary>Nodes without a name of their own, which would be a fifth of the file of a small network.</summary>
    private static OnnxNode Node(string opType, IReadOnlyList<string> inputs, string output, int? axis) =>
        (
            axis is { } along and not 1
                ? OnnxNode.Create(opType, inputs, [output], OnnxAttribute.Of("axis", (long)along))
                : OnnxNode.Create(opType, inputs, [output])
        ) with
        {
            Name = "",
        };
}
