using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.TrainingContract;

namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>A lowered graph's kernels in one TensorFlow graph, without a training session.</summary>
internal sealed class GraphRun : IGraphRun
{
    private readonly LoweredGraph _lowered;
    private readonly bool _float64;
    private readonly TensorFlowGraph _graph = new();
    private readonly Tape _tape;
    private readonly GraphSession _session;
    private readonly Dictionary<string, Symbol> _inputs = [];
    private readonly List<Symbol> _outputs = [];

    /// <param name="graph">A graph.</param>
    /// <param name="shapes">The shape of each input.</param>
    /// <param name="float64">Whether floats are held in 64 bits.</param>
    /// <param name="held">How kernels get the graph's inputs.</param>
    public GraphRun(OnnxGraph graph, IReadOnlyDictionary<string, long[]> shapes, bool float64, Held held = Held.AsGiven)
    {
        _float64 = float64;
        _lowered = GraphLowering.Lower(graph, shapes, node => OpRegistry.Find(node, OnnxGraph.MaximumOpset) is not null);
        _tape = new Tape(_graph);
        var values = new ProgramValues(
            _graph,
            _tape,
            _lowered.Graph.Initializers.ToDictionary(i => i.Key, i => Widen(i.Value)),
            seed: null
        );
        foreach (OnnxValue input in _lowered.Graph.Inputs)
        {
            OnnxElementType type = _float64 && input.ElementType == OnnxElementType.Float ? OnnxElementType.Double : input.ElementType;
            Symbol symbol = _graph.Placeholder(
                type.ToDataType() ?? throw new UnsupportedOpException($"the element type {type}"),
                shapes[input.Name]
            );
            _inputs.Add(input.Name, symbol);
            if (symbol.Type.IsFloating())
                _tape.Watch(symbol);
            values.Set(input.Name, Hold(symbol));
        }

        HashSet<string> read = [.. _lowered.Graph.Nodes.SelectMany(n => n.Inputs), .. OutputNames];
        DataType narrow = held switch
        {
            Held.InBFloat16 => DataType.BFloat16,
            Held.InFloat16 => DataType.Half,
            _ => DataType.Float,
        };
        var pass = new PassKind(Training: false, BatchNormTraining: false, Dropout: false, narrow);
        foreach (OnnxNode node in _lowered.Graph.Nodes)
        {
            OpRegistration registration =
                OpRegistry.Find(node, _lowered.Graph.Opset) ?? throw new UnsupportedOpException($"no kernel for {node.Describe()}");
            values.Add(node, new OpCompilation(node, _lowered, new HashSet<string>(), read, values, pass), registration);
        }
        // An input that is an output too may not be fetched itself.
        foreach (string name in OutputNames)
            _outputs.Add(_tape.Derive("outputs", values.ChannelsFirst(name), _graph.Identity));
        _session = new GraphSession(_graph, []);

        OpResult Hold(Symbol x)
        {
            if (held is Held.InBFloat16 or Held.InFloat16)
                return x.Type == DataType.Float
                    ? _tape.Derive("inputs", x, v => _graph.Cast(v, held == Held.InBFloat16 ? DataType.BFloat16 : DataType.Half))
                    : x;
            if (held == Held.AsGiven || x.Rank < 3)
                return x;
            var first = new ProgramValues(_graph, _tape, new Dictionary<string, OnnxTensor>(), seed: null);
            first.Set("x", x);
            return new OpResult(first.ChannelsLast("x"), ChannelsLast: true);
        }
    }

    public IReadOnlyList<string> OpTypes => [.. _lowered.Graph.Nodes.Select(n => n.OpType)];

    private IEnumerable<string> OutputNames => _lowered.Graph.Outputs.Select(o => o.Name).Distinct();

    public IReadOnlyList<OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs) =>
        [.. Fetch(inputs, [], _outputs).Zip(OutputNames, (value, name) => value.Rename(name))];

    public IReadOnlyDictionary<string, OnnxTensor> Gradients(
        IReadOnlyDictionary<string, OnnxTensor> inputs,
        OnnxTensor outputGradient,
        IReadOnlyCollection<string> with
    )
    {
        Symbol given = _graph.Placeholder(outputGradient.ElementType.ToDataType()!.Value, _outputs[0].Shape);
        Dictionary<Symbol, Symbol> gradients = _tape.Backward(_outputs[0], _graph.Cast(given, _outputs[0].Type));
        string[] names = [.. with.Where(name => gradients.ContainsKey(_inputs[name]))];
        IEnumerable<OnnxTensor> values = Fetch(inputs, [(given, outputGradient)], [.. names.Select(name => gradients[_inputs[name]])]);
        return names.Zip(values).ToDictionary(p => p.First, p => p.Second.Rename(p.First));
    }

    public void Dispose()
    {
        _session.Dispose();
        _graph.Dispose();
    }

    private IEnumerable<OnnxTensor> Fetch(
        IReadOnlyDictionary<string, OnnxTensor> inputs,
        IEnumerable<(Symbol Value, OnnxTensor Tensor)> more,
        IReadOnlyList<Symbol> fetches
    )
    {
        (Symbol Value, Tensor Tensor)[] feeds =
        [
            .. _inputs.Select(i => (i.Value, Tensor.Of(Widen(inputs[i.Key])))),
            .. more.Select(m => (m.Value, Tensor.Of(m.Tensor))),
        ];
        Tensor[] results = _session.Run(feeds, fetches);
        OnnxTensor[] values = [.. results.Select(ToOnnx)];
        foreach (Tensor tensor in feeds.Select(f => f.Tensor).Concat(results))
            tensor.Dispose();
        return values;
    }

    private OnnxTensor Widen(OnnxTensor tensor) =>
        _float64 && tensor.ElementType == OnnxElementType.Float
            ? OnnxTensor.FromArray(tensor.Name, OnnxElementType.Double, [.. tensor.Shape], tensor.ToDoubles())
            : tensor;

    private static OnnxTensor ToOnnx(Tensor tensor) =>
        new("", Enum.GetValues<OnnxElementType>().First(type => type.ToDataType() == tensor.Type), tensor.Shape, tensor.Bytes.ToArray());
}

/// <summary>How kernels get a graph's inputs, as other kernels leave them in a session.</summary>
internal enum Held
{
    /// <summary>In ONNX's layout and type.</summary>
    AsGiven,

    /// <summary>With their channels last where there are spatial dimensions.</summary>
    ChannelsLast,

    /// <summary>Floats in 16 bits, in which convolutions and products then compute too.</summary>
    InBFloat16,

    /// <summary>The same in the format of a smaller range and finer steps.</summary>
    InFloat16,
}
