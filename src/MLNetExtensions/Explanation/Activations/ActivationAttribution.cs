using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Explanation.Activations;

/// <summary>
/// Explains by a layer's activations and their gradients. ONNX Runtime computes logits and activations; where everything behind the layer
/// follows from it alone, the training runtime computes only that part, forward and back.
/// </summary>
internal sealed class ActivationAttribution : IAttribution
{
    private readonly ActivationWeighting _weighting;
    private readonly ScoredLogits _scoring;
    private readonly GradientEngine _engine;
    private readonly bool _isCut;
    private readonly int _width,
        _height,
        _length;
    private readonly float[] _activations,
        _gradients;

    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public ActivationAttribution(AttributionSetting setting, string? layer, ActivationWeighting weighting)
    {
        _weighting = weighting;
        ExplainedNetwork network = setting.Network;
        Layer = new SpatialLayers(network).Find(layer);
        long[] shape = network.RowShapeOf(Layer)!;
        (_height, _width) = ((int)shape[1], (int)shape[2]);
        _length = (int)(shape[0] * shape[1] * shape[2]);
        _activations = new float[setting.BatchSize * _length];
        _gradients = new float[setting.BatchSize * _length];
        OnnxGraph? tail = Tail(network, Layer, shape);
        _isCut = tail is not null;
        _scoring = new ScoredLogits(setting.Context, network, Layer);
        try
        {
            _engine = new GradientEngine(
                tail ?? network.Graph,
                Layer,
                shape,
                _isCut ? _length : network.InputLength,
                network.Outputs,
                setting.BatchSize,
                setting.Runtime()
            );
        }
        catch
        {
            _scoring.Dispose();
            throw;
        }
    }

    public string Layer { get; }

    public void Score(Memory<float> pixels, int rows, Span<float> logits) =>
        _scoring.Run(pixels, rows, logits, _activations.AsSpan(0, rows * _length));

    public AttributionMap[] Explain(Memory<float> pixels, ReadOnlySpan<int> chosen, long firstRow)
    {
        int rows = chosen.Length;
        _engine.Compute(_isCut ? _activations.AsSpan(0, rows * _length) : pixels.Span, chosen, _gradients);
        var maps = new AttributionMap[rows];
        for (int row = 0; row < rows; row++)
        {
            var values = new float[_width * _height];
            _weighting(_activations.AsSpan(row * _length, _length), _gradients.AsSpan(row * _length, _length), values);
            maps[row] = new AttributionMap(_width, _height, values, IsOfLayer: true);
        }
        return maps;
    }

    public void Dispose()
    {
        _scoring.Dispose();
        _engine.Dispose();
    }

    /// <summary>The part of the network behind the layer; null where that reads more than the layer.</summary>
    private static OnnxGraph? Tail(ExplainedNetwork network, string layer, long[] shape)
    {
        OnnxGraph graph = network.Graph;
        string output = graph.Outputs[0].Name;
        // What is left of the graph's input decides: Extract would refuse it.
        var reached = new HashSet<string>();
        var open = new Stack<string>([output]);
        var flow = new DataFlow(graph);
        while (open.TryPop(out string? value))
        {
            if (value == layer || !reached.Add(value))
                continue;
            if (value == graph.Inputs[0].Name)
                return null;
            if (flow.Producers.TryGetValue(value, out OnnxNode? node))
                foreach (string input in node.Inputs.Where(input => input.Length > 0))
                    open.Push(input);
        }
        OnnxGraph tail = graph.Extract([layer], [output]);
        return tail with { Inputs = [OnnxValue.Create(layer, OnnxElementType.Float, [-1, .. shape])] };
    }
}
