using System.Runtime.InteropServices;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>
/// Writes a plan as a graph in the QDQ form: each 8-bit value passes a QuantizeLinear and a DequantizeLinear, weights and biases are stored as whole numbers
/// before a DequantizeLinear. A runtime that knows the form computes in whole numbers; any other still computes the same in float. A Relu
/// or Clip whose limits are those of the 8-bit numbers goes.
/// </summary>
internal sealed class QdqWriter
{
    private readonly QuantizationPlan _plan;
    private readonly IReadOnlyDictionary<string, QuantizationParameters> _parameters;
    private readonly IReadOnlyDictionary<OnnxNode, QuantizedWeights> _weights;
    private readonly bool _perChannel;
    private readonly ValueNames _names;
    private readonly OrderedDictionary<string, OnnxTensor> _initializers;
    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, string> _read = [];
    private readonly Dictionary<string, (string Scale, string ZeroPoint)> _constants = [];
    private readonly Dictionary<string, (QuantizedWeights Weights, string Name)> _writtenWeights = [];

    private QdqWriter(
        QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters, IReadOnlyDictionary<OnnxNode, QuantizedWeights> weights, bool perChannel)
    {
        (_plan, _parameters, _weights, _perChannel) = (plan, parameters, weights, perChannel);
        _names = new ValueNames(plan.Graph);
        _initializers = new OrderedDictionary<string, OnnxTensor>(plan.Graph.Initializers);
    }

    /// <summary>Writes the graph.</summary>
    /// <param name="plan">Which nodes and values are quantized.</param>
    /// <param name="parameters">What the numbers of each measured value stand for.</param>
    /// <param name="weights">The weights of each layer.</param>
    /// <param name="perChannel">Whether their scales are those of channels.</param>
    public static OnnxGraph Write(
        QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters, IReadOnlyDictionary<OnnxNode, QuantizedWeights> weights, bool perChannel)
    {
        var writer = new QdqWriter(plan, parameters, weights, perChannel);
        return writer.Write();
    }

    private OnnxGraph Write()
    {
        foreach (OnnxValue input in _plan.Graph.Inputs.Where(i => _plan.Values.Contains(i.Name)))
            Quantize(input.Name);
        foreach (OnnxNode node in _plan.Graph.Nodes)
            Add(node);
        return RemoveUnused.Apply(_plan.Graph with { Nodes = _nodes, Initializers = _initializers, ValueInfos = [] });
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
        else if (node is { OpType: "Conv" or "ConvTranspose" or "Gemm", Domain: "" } && _plan.Values.Contains(inputs[0]) && _plan.IsMadeQuantized(inputs[0]))
            inputs = [.. inputs.Take(2), .. KeepFloat(node)];

        string[] outputs = [.. node.Outputs];
        if (quantized && _plan.ActivationBehind(node) is { } activation && IsImplied(activation))
            outputs = [.. activation.Outputs];
        string[] values = [.. outputs];
        for (int i = 0; i < outputs.Length; i++)
            if (_plan.Values.Contains(outputs[i]) && _plan.IsMadeQuantized(outputs[i]))
                outputs[i] = _names.Take(outputs[i] + "/f");
        _nodes.Add(node with { Inputs = inputs, Outputs = outputs });
        for (int i = 0; i < values.Length; i++)
            if (values[i] != outputs[i])
                Requantize(outputs[i], values[i]);
            else if (_plan.Values.Contains(values[i]))
                Quantize(values[i]);
    }

    /// <summary>Whether the 8-bit numbers that a Relu or Clip becomes end where it cuts.</summary>
    private bool IsImplied(OnnxNode activation)
    {
        if (!_plan.Values.Contains(activation.Outputs[0]))
            return false;
        ValueRange limits = _plan.Limits(activation)!.Value, range = Parameters(activation.Outputs[0]).Range;
        // Half a step beyond a limit still rounds to it.
        float half = Parameters(activation.Outputs[0]).Scale / 2;
        return range.Low > limits.Low - half && range.High < limits.High + half;
    }

    private QuantizationParameters Parameters(string value) => _parameters[_plan.ScaleOf(value)];

    /// <summary>A value of a quantized node becomes what its 8-bit numbers stand for, for all that read it.</summary>
    private void Requantize(string raw, string value)
    {
        (string scale, string zeroPoint) = Constants(value);
        string numbers = _names.Take(value + "/q");
        _nodes.Add(Linear("QuantizeLinear", [raw, scale, zeroPoint], numbers));
        _nodes.Add(Linear("DequantizeLinear", [numbers, scale, zeroPoint], value));
    }

    /// <summary>A float value gets a twin in 8 bits, which quantized nodes read.</summary>
    private void Quantize(string value)
    {
        (string scale, string zeroPoint) = Constants(value);
        string numbers = _names.Take(value + "/q"), twin = _names.Take(value + "/d");
        _nodes.Add(Linear("QuantizeLinear", [value, scale, zeroPoint], numbers));
        _nodes.Add(Linear("DequantizeLinear", [numbers, scale, zeroPoint], twin));
        _read[value] = twin;
    }

    private (string Scale, string ZeroPoint) Constants(string value)
    {
        string root = _plan.ScaleOf(value);
        if (_constants.TryGetValue(root, out (string, string) names))
            return names;
        QuantizationParameters parameters = _parameters[root];
        return _constants[root] = (Add(parameters.ScaleTensor(root + "/s")), Add(parameters.ZeroPointTensor(root + "/z")));
    }

    /// <returns>The names of the weight and, where there is one, of the bias.</returns>
    private IEnumerable<string> WriteWeights(OnnxNode node, QuantizedWeights weights)
    {
        LayerWeights layer = _plan.Layers.First(l => l.Node == node);
        string name = layer.Weight.Name;
        // A weight that several layers read is stored once; its bias hangs on each layer's input.
        string key = $"{name}/{layer.Axis}";
        if (!_writtenWeights.TryGetValue(key, out (QuantizedWeights Weights, string Name) written) || !written.Weights.Scales.AsSpan().SequenceEqual(weights.Scales))
        {
            long[] channels = _perChannel ? [weights.Scales.Length] : [];
            string weight = Dequantized(
                new OnnxTensor(name + "/q", OnnxElementType.Int8, [.. layer.Weight.Shape], MemoryMarshal.AsBytes<sbyte>(weights.Numbers).ToArray()),
                Add(OnnxTensor.FromFloats(name + "/s", channels, weights.Scales)),
                Add(new OnnxTensor(name + "/z", OnnxElementType.Int8, channels, new byte[weights.Scales.Length])), name + "/d", _perChannel ? layer.Axis : null);
            _writtenWeights[key] = written = (weights, weight);
        }
        yield return written.Name;
        if (weights.Bias is not { } bias)
            yield break;
        string biasName = layer.Bias?.Name ?? name + "/bias";
        float inputScale = Parameters(layer.Input).Scale;
        float[] scales = [.. weights.Scales.Select(s => s * inputScale)];
        yield return Dequantized(
            OnnxTensor.FromArray(biasName + "/q", OnnxElementType.Int32, [bias.Length], bias),
            Add(OnnxTensor.FromFloats(biasName + "/s", _perChannel ? [scales.Length] : [], scales)), null, biasName + "/d", _perChannel ? 0 : null);
    }

    /// <summary>
    /// The bias of a layer that stays in float behind an 8-bit value. ONNX Runtime quantizes such a layer by itself, with one scale for all of its weights, where weight and
    /// bias are plain constants (its WeightBiasQuantization); a bias of 32-bit numbers, as exact as a float, keeps it from doing so.
    /// </summary>
    private IEnumerable<string> KeepFloat(OnnxNode node)
    {
        OnnxTensor? bias = node.HasInput(2) ? _plan.Graph.Initializers.GetValueOrDefault(node.Inputs[2]) : null;
        if (!_plan.Graph.Initializers.TryGetValue(node.Inputs[1], out OnnxTensor? weight) || (node.HasInput(2) && bias is not { Shape.Count: 1 }))
            return node.Inputs.Skip(2);
        long channels = node.OpType switch
        {
            "Conv" => weight.Shape[0],
            "ConvTranspose" => weight.Shape[1] * node.Int("group", 1),
            _ => weight.Shape[node.Int("transB", 0) != 0 ? 0 : 1],
        };
        float[] values = bias?.ToFloats() ?? new float[channels];
        float largest = values.Max(Math.Abs), step = largest > 1e-20f ? largest / (1 << 30) : 1;
        int[] numbers = [.. values.Select(v => (int)Math.Round((double)v / step))];
        string name = bias?.Name ?? weight.Name + "/bias";
        return [Dequantized(OnnxTensor.FromArray(name + "/q", OnnxElementType.Int32, [numbers.Length], numbers), Add(OnnxTensor.FromFloats(name + "/s", [], [step])), null, name + "/d", null)];
    }

    private string Dequantized(OnnxTensor numbers, string scale, string? zeroPoint, string output, int? axis)
    {
        string result = _names.Take(output);
        OnnxNode node = Linear("DequantizeLinear", zeroPoint is null ? [Add(numbers), scale] : [Add(numbers), scale, zeroPoint], result);
        _nodes.Add(axis is { } along and not 1 ? node with { Attributes = new Dictionary<string, OnnxAttribute> { ["axis"] = OnnxAttribute.Of("axis", (long)along) } } : node);
        return result;
    }

    private string Add(OnnxTensor constant)
    {
        string name = _names.Take(constant.Name);
        _initializers[name] = constant.Rename(name);
        return name;
    }

    /// <summary>Without a name of their own, which would be a fifth of the file of a small network.</summary>
    private static OnnxNode Linear(string opType, IReadOnlyList<string> inputs, string output) => OnnxNode.Create(opType, inputs, [output]) with { Name = "" };
}
