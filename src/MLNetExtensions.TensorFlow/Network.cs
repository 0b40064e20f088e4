using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.TensorFlow.Privacy;

namespace MLNetExtensions.TensorFlow;

/// <summary>A lowered network's pass in the graph, for one set of input shapes.</summary>
internal sealed class Network
{
    private readonly Dictionary<string, Symbol> _parameters = [];
    private readonly ParameterLayout _layout;
    private readonly ProgramValues _values;
    private readonly TensorFlowGraph _graph;
    private readonly Symbol[] _state;

    /// <param name="graph">The graph to add to.</param>
    /// <param name="lowered">The network.</param>
    /// <param name="layout">The layout of its parameters.</param>
    /// <param name="values">The flat parameters to use.</param>
    /// <param name="state">The flat statistics to use.</param>
    /// <param name="pass">The kind of pass.</param>
    /// <param name="guard">Gets the places at which the pass can be broken off; null for none.</param>
    /// <exception cref="UnsupportedOpsException">Nodes have no kernel; all of them are in the message.</exception>
    public Network(
        TensorFlowGraph graph,
        LoweredGraph lowered,
        ParameterLayout layout,
        Symbol values,
        Symbol state,
        PassKind pass,
        StepGuard? guard = null
    )
    {
        (_graph, _layout) = (graph, layout);
        Tape = new Tape(graph);
        Seed = graph.Placeholder(DataType.Int64, 2);
        _values = new ProgramValues(graph, Tape, lowered.Graph.Initializers, Seed);
        Inputs = [.. lowered.Graph.Inputs.Select(input => graph.Placeholder(DataType.Float, lowered.Types[input.Name].Shape))];
        for (int i = 0; i < Inputs.Length; i++)
            _values.Set(lowered.Graph.Inputs[i].Name, Inputs[i]);
        SetParameters(values, pass.Training);
        _state = Parts(state, [.. layout.State]);
        foreach ((ParameterEntry entry, Symbol part) in layout.State.Zip(_state))
            _values.Set(entry.Name, graph.Reshape(part, entry.Shape));
        NetworkNodes.AddTo(
            _values,
            lowered,
            lowered.Graph.NodesOfFirstOutput(),
            [lowered.Graph.Outputs[0].Name],
            layout.Names,
            pass,
            guard
        );
        Symbol output = _values.ChannelsFirst(lowered.Graph.Outputs[0].Name);
        Output = output.Type == DataType.Float ? output : Tape.Derive("output", output, v => graph.Cast(v, DataType.Float));
    }

    /// <summary>The record of the steps that computed each value.</summary>
    public Tape Tape { get; }

    /// <summary>The network's inputs.</summary>
    public Symbol[] Inputs { get; }

    /// <summary>Its first output, in 32 bits.</summary>
    public Symbol Output { get; }

    /// <summary>Two integers from which dropout's draws follow.</summary>
    public Symbol Seed { get; }

    /// <summary>True if the pass draws random numbers.</summary>
    public bool Draws => _values.Draws;

    /// <summary>BatchNorm's running statistics after the pass; null if nothing moves them.</summary>
    public Symbol? NewState =>
        _values.NewState.Count == 0
            ? null
            : _graph.Concat(
                [
                    .. _layout.State.Zip(
                        _state,
                        (entry, old) =>
                            _values.NewState.TryGetValue(entry.Name, out Symbol value) ? _graph.Reshape(value, entry.Count) : old
                    ),
                ],
                0
            );

    /// <summary>The flat gradient of a value, times another.</summary>
    public Symbol GradientOf(Symbol value, Symbol gradient)
    {
        Dictionary<Symbol, Symbol> gradients = Tape.Backward(value, gradient);
        return _graph.Concat(
            [
                .. _layout.Trainable.Select(entry =>
                    gradients.TryGetValue(_parameters[entry.Name], out Symbol own)
                        ? _graph.Reshape(own, entry.Count)
                        : _graph.Zeros(DataType.Float, [entry.Count])
                ),
            ],
            0
        );
    }

    /// <summary>The gradients of its single examples.</summary>
    /// <param name="lowered">The graph that the network was made of.</param>
    /// <param name="rows">The number of examples.</param>
    public ExampleGradients ExamplesOf(LoweredGraph lowered, long rows) => new(_graph, lowered, _values, rows);

    private void SetParameters(Symbol flat, bool watch)
    {
        ParameterEntry[] entries = [.. _layout.Trainable];
        foreach ((ParameterEntry entry, Symbol part) in entries.Zip(Parts(flat, entries)))
        {
            Symbol parameter = _graph.Reshape(part, entry.StoredShape);
            if (entry.IsKernel)
                _values.SetKernel(entry.Name, parameter);
            else
                _values.Set(entry.Name, parameter);
            _parameters.Add(entry.Name, parameter);
            if (watch)
                Tape.Watch(parameter);
        }
    }

    private Symbol[] Parts(Symbol flat, ParameterEntry[] entries) =>
        entries.Length == 0 ? [] : _graph.Split(flat, [.. entries.Select(e => (long)e.Count)], 0);
}
