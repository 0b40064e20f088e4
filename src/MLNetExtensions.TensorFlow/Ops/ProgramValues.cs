using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>The values of a program under construction by their ONNX names, in one layout or both.</summary>
internal sealed class ProgramValues(TensorFlowGraph graph, Tape tape, IReadOnlyDictionary<string, OnnxTensor> initializers, Symbol? seed)
{
    private readonly Dictionary<string, Symbol> _first = [],
        _last = [],
        _kernels = [];
    private readonly Dictionary<string, OpResult> _made = [];
    private int _draws;

    /// <summary>The graph.</summary>
    public TensorFlowGraph Graph => graph;

    /// <summary>The record of the steps that computed each value.</summary>
    public Tape Tape => tape;

    /// <summary>BatchNorm's new running statistics by initializer name.</summary>
    public Dictionary<string, Symbol> NewState { get; } = [];

    /// <summary>True if any random numbers are drawn.</summary>
    public bool Draws => _draws > 0;

    /// <summary>True if a value exists.</summary>
    public bool Has(string name) =>
        _first.ContainsKey(name) || _last.ContainsKey(name) || _kernels.ContainsKey(name) || initializers.ContainsKey(name);

    /// <summary>Sets a value.</summary>
    public void Set(string name, OpResult result)
    {
        _made[name] = result;
        // One or two dimensions have no layout; images of one pixel have both.
        if (result.ChannelsLast && result.Value.Rank >= 3)
            _last[name] = result.Value;
        else
            _first[name] = result.Value;
    }

    /// <summary>A value as it was set, in its one layout then.</summary>
    public OpResult Made(string name) => _made.TryGetValue(name, out OpResult result) ? result : ChannelsFirst(name);

    /// <summary>Puts another value in the place of one that a node has just made.</summary>
    public void Replace(string name, Func<Symbol, Symbol> replace)
    {
        Dictionary<string, Symbol> values = _last.ContainsKey(name) ? _last : _first;
        values[name] = replace(values[name]);
    }

    /// <summary>Sets a convolution's weights, stored as [height, width, input, output].</summary>
    public void SetKernel(string name, Symbol value) => _kernels[name] = value;

    /// <summary>True if a value is held with its channels last.</summary>
    public bool IsChannelsLast(string name) => _last.ContainsKey(name);

    /// <summary>The value in ONNX's layout.</summary>
    public Symbol ChannelsFirst(string name)
    {
        if (_first.TryGetValue(name, out Symbol value))
            return value;
        if (_last.TryGetValue(name, out Symbol last))
            value = Convert("ToChannelsFirst", last, [0, last.Rank - 1, .. Enumerable.Range(1, last.Rank - 2).Select(axis => (long)axis)]);
        else if (_kernels.TryGetValue(name, out Symbol kernel))
            value = Convert("ToOutputFirst", kernel, [3, 2, 0, 1]);
        else
            value = graph.Constant(initializers[name]);
        _first.Add(name, value);
        return value;
    }

    /// <summary>The value, of three or more dimensions, with its channels last.</summary>
    public Symbol ChannelsLast(string name)
    {
        if (_last.TryGetValue(name, out Symbol value))
            return value;
        Symbol first = ChannelsFirst(name);
        value = Convert("ToChannelsLast", first, [0, .. Enumerable.Range(2, first.Rank - 2).Select(axis => (long)axis), 1]);
        _last.Add(name, value);
        return value;
    }

    /// <summary>A 2-D convolution's weights as [height, width, input, output].</summary>
    public Symbol Kernel(string name)
    {
        if (_kernels.TryGetValue(name, out Symbol value))
            return value;
        value = Convert("ToKernel", ChannelsFirst(name), [2, 3, 1, 0]);
        _kernels.Add(name, value);
        return value;
    }

    /// <summary>Adds a node's ops, notes the way back, and sets its outputs.</summary>
    public void Add(OnnxNode node, OpCompilation op, OpRegistration registration)
    {
        using IDisposable scope = graph.Scope(node.Name);
        OpResult[] results = registration.Compile(op);
        if (!op.HasSteps)
            tape.Record(node.Name, op.Inputs, [.. results.Select(r => r.Value)]);
        for (int i = 0; i < Math.Min(results.Length, node.Outputs.Count); i++)
            if (node.HasOutput(i))
                Set(node.Outputs[i], results[i]);
    }

    public void UpdateState(string name, Symbol value) => NewState[name] = value;

    /// <summary>Numbers from 0 to 1 that follow from the run's seed and the place in the network.</summary>
    public Symbol RandomUniform(ReadOnlySpan<long> shape)
    {
        Symbol place = graph.Constant([0L, (long)_draws++ << 48], 2);
        return graph
            .Op("StatelessRandomUniform")
            .Input(graph.Int32s(shape))
            .Input(seed!.Value + place)
            .Set("dtype", DataType.Float)
            .Output();
    }

    private Symbol Convert(string name, Symbol value, long[] permutation)
    {
        Symbol converted = graph.Transpose(value, permutation);
        long[] back = Steps.Inverse(permutation);
        tape.Record(name, [value], [converted], outputs => [graph.Transpose(outputs[0]!.Value, back)]);
        return converted;
    }
}
