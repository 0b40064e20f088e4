using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>
/// Static quantization: ranges from calibration rows, whole numbers wherever layers follow each other, and a search for the layers that
/// must stay float.
/// </summary>
internal sealed class StaticQuantization
{
    private readonly QuantizeOptions _options;
    private readonly OnnxGraph _graph;
    private readonly QuantizationPlan _whole;
    private readonly CalibrationRun _calibration;
    private readonly CompressionRun _run;
    private readonly Dictionary<string, ValueRange> _ranges = [];

    /// <param name="run">The call.</param>
    /// <param name="graph">A graph in <see cref="InferenceForm"/>.</param>
    /// <param name="rows">The calibration rows.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="InvalidOperationException">No layer can be quantized, or a value is not finite.</exception>
    /// <exception cref="ArgumentException">The options name a layer that is not there.</exception>
    public StaticQuantization(CompressionRun run, OnnxGraph graph, ModelRows rows, QuantizeOptions options)
    {
        graph = InputScaling.Apply(run, graph, rows, layer => options.NodesToExclude.Any(layer.IsNamed));
        (_run, _graph, _options) = (run, graph, options);
        _whole = new QuantizationPlan(graph, layer => options.NodesToExclude.Any(layer.IsNamed));
        LayerWeights.CheckNames(_whole.AllLayers, options.NodesToExclude, graph, "Conv, Gemm or MatMul");
        // A layer by itself asks for values that in the whole are passed on in 8 bits.
        var values = _whole.MeasuredValues.Union(_whole.Layers.Select(l => l.Input)).Union(_whole.Values).ToHashSet();
        Dictionary<string, int> means = options.CorrectBias
            ? _whole
                .Layers.Select(l => (l.Input, Axis: l.Node.OpType == "Conv" ? 1 : -1))
                .Distinct()
                .ToDictionary(l => l.Input, l => l.Axis)
            : [];
        _calibration = new CalibrationRun(run, graph, values, means, rows, options.Calibration.NeedsHistogram);
    }

    /// <summary>The layers that can be quantized.</summary>
    public IReadOnlyList<LayerWeights> Layers => _whole.Layers;

    /// <summary>All layers that could be, also those that the options leave in float.</summary>
    public IReadOnlyList<LayerWeights> AllLayers => _whole.AllLayers;

    /// <summary>The graph with all layers quantized but some.</summary>
    public OnnxGraph Quantize(Func<LayerWeights, bool> isFloat)
    {
        (QuantizationPlan plan, Dictionary<string, QuantizationParameters> parameters, Dictionary<OnnxNode, QuantizedWeights> weights) =
            Parts(isFloat);
        return QdqWriter.Write(plan, parameters, weights, _options.PerChannel, _options.WeightType);
    }

    /// <summary>The same, with weights and biases trained to it.</summary>
    /// <param name="isFloat">Selects the layers that stay in float.</param>
    /// <param name="rows">The rows to train on.</param>
    /// <param name="settings">The settings.</param>
    public OnnxGraph FineTune(Func<LayerWeights, bool> isFloat, ModelRows rows, QuantizationFineTuning settings)
    {
        (QuantizationPlan plan, Dictionary<string, QuantizationParameters> parameters, Dictionary<OnnxNode, QuantizedWeights> weights) =
            Parts(isFloat);
        (OnnxGraph network, IReadOnlyDictionary<OnnxNode, string> biases) = QdqWriter.WriteForTraining(
            plan,
            parameters,
            weights,
            _options.PerChannel,
            _options.WeightType
        );
        IReadOnlyDictionary<string, OnnxTensor> trained = QuantizationAwareTraining.Train(
            _run,
            _graph,
            network,
            [.. plan.Layers.Select(l => l.Weight.Name).Concat(biases.Values).Distinct()],
            rows,
            settings
        );
        foreach (LayerWeights layer in plan.Layers)
            weights[layer.Node] = weights[layer.Node]
                .Rounded(
                    layer,
                    trained[layer.Weight.Name].ToFloats(),
                    biases.TryGetValue(layer.Node, out string? bias) ? trained[bias].ToFloats() : null,
                    parameters[plan.ScaleOf(layer.Input)].Scale
                );
        return QdqWriter.Write(plan, parameters, weights, _options.PerChannel, _options.WeightType);
    }

    private (
        QuantizationPlan Plan,
        Dictionary<string, QuantizationParameters> Parameters,
        Dictionary<OnnxNode, QuantizedWeights> Weights
    ) Parts(Func<LayerWeights, bool> isFloat)
    {
        var plan = new QuantizationPlan(_graph, layer => !_whole.Layers.Contains(layer) || isFloat(layer));
        Dictionary<string, QuantizationParameters> parameters = plan.MeasuredValues.ToDictionary(
            v => v,
            v => QuantizationParameters.Of(RangeOf(v, plan), _options.ActivationType)
        );
        var weights = new Dictionary<OnnxNode, QuantizedWeights>(ReferenceEqualityComparer.Instance);
        foreach (LayerWeights layer in plan.Layers)
            weights[layer.Node] = QuantizedWeights.Of(
                layer,
                parameters[plan.ScaleOf(layer.Input)].Scale,
                _options.CorrectBias ? _calibration.Means(layer.Input) : null,
                _options.PerChannel,
                _options.ReduceRange && _options.WeightType != QuantizedType.UInt8
            );
        return (plan, parameters, weights);
    }

    /// <summary>The chosen range of a value, within the limits of the Relu or Clip that makes it.</summary>
    private ValueRange RangeOf(string value, QuantizationPlan plan)
    {
        if (_ranges.TryGetValue(value, out ValueRange known))
            return known;
        ValueRange range = _options.Calibration.Choose(_calibration.Values(value), _options.ActivationType);
        if (_graph.ProducerOf(value) is { } producer && plan.Limits(producer) is { } limits)
            range = range.Within(limits);
        return _ranges[value] = range;
    }
}
