using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow;

/// <summary>A graph with a session's variables and its programs, one for each batch size. A graph can only grow, so a session begins a new one now and then.</summary>
internal sealed class Engine : IDisposable
{
    private readonly List<Program> _programs = [];
    private readonly TensorFlowGraph _graph = new();
    private readonly GraphSession _session;
    private readonly OnnxGraph _network;
    private readonly ParameterLayout _layout;
    private readonly TrainingSessionOptions _options;
    private readonly DataType _computeType;
    private UpdateGraph? _update;
    private Symbol _share;

    public Engine(OnnxGraph network, ParameterLayout layout, TrainingSessionOptions options, DataType computeType, byte[] config, bool masked)
    {
        (_network, _layout, _options, _computeType) = (network, layout, options, computeType);
        Variables = new SessionVariables(_graph, layout, options, masked);
        _session = new GraphSession(_graph, config);
    }

    /// <summary>The variables.</summary>
    public SessionVariables Variables { get; }

    /// <summary>The number of programs so far.</summary>
    public int Programs => _programs.Count;

    /// <summary>A program that is there, or null.</summary>
    public Program? Find(long[][] shapes, bool training) => _programs.Find(p => p.IsFor(shapes, training));

    /// <summary>Adds a program.</summary>
    public Program Create(long[][] shapes, bool training)
    {
        var named = new Dictionary<string, long[]>();
        for (int i = 0; i < shapes.Length; i++)
            named.Add(_network.Inputs[i].Name, shapes[i]);
        LoweredGraph lowered = GraphLowering.Lower(_network, named, node => OpRegistry.Find(node, OnnxGraph.MaximumOpset) is not null);
        using IDisposable scope = _graph.Scope($"{(training ? "train" : "predict")}{_programs.Count}");
        Program program = training
            ? Program.Train(_graph, lowered, _layout, Variables, _options, _computeType)
            : Program.Predict(_graph, lowered, _layout, Variables, _computeType);
        _programs.Add(program);
        return program;
    }

    /// <summary>The update from the summed gradients, times a share, for accumulation.</summary>
    public UpdateGraph Update(out Symbol share)
    {
        if (_update is null)
        {
            _share = _graph.Placeholder(DataType.Float);
            _update = new UpdateGraph(_graph, Variables, _layout, _options, Variables.Gradients.Value * _share, state: null);
        }
        share = _share;
        return _update;
    }

    /// <summary>Runs what is asked for.</summary>
    public Tensor[] Run(IReadOnlyList<(Symbol, Tensor)> feeds, IReadOnlyList<Symbol> fetches, IReadOnlyList<IntPtr> targets) => _session.Run(feeds, fetches, targets);

    /// <summary>Copies a variable out.</summary>
    public float[] Read(Variable variable)
    {
        using Tensor tensor = _session.Run([], [variable.Value])[0];
        return tensor.Floats.ToArray();
    }

    /// <summary>Makes a variable other values.</summary>
    public void Write(Variable variable, ReadOnlySpan<float> values)
    {
        // The variable takes over the tensor's memory, which therefore must not be used again.
        using Tensor tensor = Tensor.Of(DataType.Float, [variable.Size], values);
        _session.Run([(variable.Input, tensor)], [], variable.Write);
    }

    public void Dispose()
    {
        _session.Dispose();
        _graph.Dispose();
        _programs.ForEach(p => p.Dispose());
    }
}
