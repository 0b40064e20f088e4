using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TensorFlow;

/// <summary>
/// A graph with a session's variables and its programs, one for each batch size. A graph can only grow, so a session begins a new one now
/// and then.
/// </summary>
internal sealed class Engine : IDisposable
{
    private readonly List<TrainProgram> _training = [];
    private readonly List<PredictProgram> _prediction = [];
    private readonly TensorFlowGraph _graph = new();
    private readonly OnnxGraph _network;
    private readonly ParameterLayout _layout;
    private readonly TrainingSessionOptions _options;
    private readonly DataType _computeType;
    private readonly bool _endsWithin;
    private readonly AllReduce? _reduce;
    private readonly GaussianNoise? _noise;
    private readonly Tensor _share = Tensor.Allocate(DataType.Float, []);
    private (UpdateGraph Graph, PreparedRun Run)? _update;

    public Engine(
        OnnxGraph network,
        ParameterLayout layout,
        TrainingSessionOptions options,
        DataType computeType,
        bool isGpu,
        byte[] config,
        bool masked,
        TensorFlowCluster? cluster,
        GaussianNoise? noise = null
    )
    {
        _noise = noise;
        (_network, _layout, _options, _computeType) = (network, layout, options, computeType);
        // Workers need each other to the end of a step, and on a GPU it is short.
        _endsWithin = options.CancellationToken.CanBeCanceled && cluster is null && !isGpu;
        if (cluster is not null)
        {
            _reduce = new AllReduce(cluster);
            _graph.Device = ClusterServer.DeviceOf(cluster.Index);
        }
        Variables = new SessionVariables(_graph, layout, options, masked);
        Session = new GraphSession(
            _graph,
            config,
            cluster is null ? "" : ClusterServer.Of(cluster, config).Target,
            cluster is null ? null : AllReduce.RunOptions(AllReduce.StepGraph, cluster.Timeout)
        );
    }

    /// <summary>The variables.</summary>
    public SessionVariables Variables { get; }

    /// <summary>The graph's session.</summary>
    public GraphSession Session { get; }

    /// <summary>The number of programs so far.</summary>
    public int Programs => _training.Count + _prediction.Count;

    /// <summary>The training step for some input shapes; null if it is not there.</summary>
    public TrainProgram? FindTraining(long[][] shapes) => _training.Find(p => p.Inputs.AreFor(shapes));

    /// <summary>The prediction for some input shapes; null if it is not there.</summary>
    public PredictProgram? FindPrediction(long[][] shapes) => _prediction.Find(p => p.Inputs.AreFor(shapes));

    /// <summary>Adds a training step.</summary>
    public TrainProgram AddTraining(long[][] shapes)
    {
        using IDisposable scope = _graph.Scope($"train{Programs}");
        LoweredGraph lowered = Lower(shapes);
        (IReadOnlyList<ParameterUse>, GaussianNoise)? privacy = null;
        if (_noise is not null)
        {
            (lowered, IReadOnlyList<ParameterUse> uses) = ParameterUses.Prepare(
                _network,
                lowered,
                _layout.Trainable.Select(e => e.Name).ToHashSet()
            );
            privacy = (uses, _noise);
        }
        var program = new TrainProgram(_graph, lowered, _layout, Variables, _options, _computeType, _reduce, _endsWithin, privacy);
        _training.Add(program);
        return program;
    }

    /// <summary>Adds a prediction.</summary>
    public PredictProgram AddPrediction(long[][] shapes)
    {
        using IDisposable scope = _graph.Scope($"predict{Programs}");
        var program = new PredictProgram(_graph, Lower(shapes), _layout, Variables, _computeType);
        _prediction.Add(program);
        return program;
    }

    /// <summary>The update from the summed gradients, for accumulation.</summary>
    /// <param name="update">Its number, from 1.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="share">The factor of the sums.</param>
    public void Update(long update, float learningRate, float share)
    {
        if (_update is null)
        {
            Symbol factor = _graph.Placeholder(DataType.Float);
            var graph = new UpdateGraph(_graph, Variables, _layout, _options, Variables.Gradients.Value * factor, state: null);
            _update = (graph, new PreparedRun([.. graph.Feeds, (factor, _share)], [], graph.Targets));
        }
        _share.Floats[0] = share;
        _update.Value.Graph.Prepare(update, learningRate);
        _update.Value.Run.Run(Session);
    }

    /// <summary>Copies a variable out.</summary>
    public float[] Read(Variable variable)
    {
        using Tensor tensor = Session.Run([], [variable.Value])[0];
        return tensor.Floats.ToArray();
    }

    /// <summary>Makes a variable other values.</summary>
    public void Write(Variable variable, ReadOnlySpan<float> values)
    {
        // The variable takes over the tensor's memory, which therefore must not be used again.
        using Tensor tensor = Tensor.Of(DataType.Float, [variable.Size], values);
        Session.Run([(variable.Input, tensor)], [], variable.Write);
    }

    public void Dispose()
    {
        Session.Dispose();
        _graph.Dispose();
        _training.ForEach(p => p.Dispose());
        _prediction.ForEach(p => p.Dispose());
        _update?.Graph.Dispose();
        _share.Dispose();
    }

    private LoweredGraph Lower(long[][] shapes) =>
        GraphLowering.Lower(_network, shapes, node => OpRegistry.Find(node, OnnxGraph.MaximumOpset) is not null);
}
