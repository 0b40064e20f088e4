using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.TensorFlow.Losses;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow;

/// <summary>A network for one set of input shapes: its training step, or its prediction.</summary>
internal sealed class Program : IDisposable
{
    private readonly Tensor[] _inputs;
    private readonly Tensor? _targets;
    private readonly long[][] _shapes;

    /// <summary>Adds a training step: forward, loss, backward, and the update or the sum of gradients.</summary>
    public static Program Train(
        TensorFlowGraph graph, LoweredGraph lowered, ParameterLayout layout, SessionVariables variables, TrainingSessionOptions options, DataType computeType)
    {
        var pass = new PassKind(Training: true, options.BatchNorm == BatchNormMode.Train, options.Dropout, computeType);
        var network = new Network(graph, lowered, layout, variables.Values.Value, variables.State.Value, pass);
        return new Program(graph, lowered, network, layout, variables, options);
    }

    /// <summary>Adds a prediction, by the averaged weights where there are such.</summary>
    public static Program Predict(TensorFlowGraph graph, LoweredGraph lowered, ParameterLayout layout, SessionVariables variables, DataType computeType)
    {
        var pass = new PassKind(Training: false, BatchNormTraining: false, Dropout: false, computeType);
        Variable values = variables.AverageValues ?? variables.Values, state = variables.AverageState ?? variables.State;
        return new Program(new Network(graph, lowered, layout, values.Value, state.Value, pass));
    }

    private Program(Network network)
    {
        Network = network;
        // A network that hands on an input is fetched through an op.
        Output = network.Output.Graph.Identity(network.Output);
        _shapes = [.. network.Inputs.Select(i => i.Shape)];
        _inputs = [.. _shapes.Select(shape => Tensor.Allocate(DataType.Float, shape))];
    }

    private Program(
        TensorFlowGraph graph, LoweredGraph lowered, Network network, ParameterLayout layout, SessionVariables variables, TrainingSessionOptions options) : this(network)
    {
        long[] shape = BatchShapes.OfTargets(lowered.Types[lowered.Graph.Outputs[0].Name].Shape, options.Loss);
        _targets = Tensor.Allocate(DataType.Float, shape);
        Targets = graph.Placeholder(DataType.Float, shape);
        Divisor = graph.Placeholder(DataType.Float);
        Symbol sum = TensorFlowLosses.Sum(options.Loss, network.Output, Targets);
        network.Tape.Record("loss", [network.Output], [sum]);
        Loss = sum / Divisor;
        Symbol isFinite = graph.Unary("IsFinite", Loss);
        Gradients = layout.Size == 0 ? graph.Constant(ReadOnlySpan<float>.Empty, 0) : network.GradientOf(sum, 1 / Divisor);
        Symbol kept = graph.OnlyIf(isFinite, Gradients);
        Symbol? state = network.NewState is { } moved ? graph.OnlyIf(isFinite, moved) : null;
        if (state is { } newState)
            StepTargets.Add(variables.State.Assign(newState));
        if (options.GradientAccumulation == 1)
        {
            Update = new UpdateGraph(graph, variables, layout, options, kept, state);
            StepTargets.AddRange(Update.Targets);
        }
        else
        {
            IsFirst = graph.Placeholder(DataType.Bool);
            StepTargets.Add(variables.Gradients.Assign(graph.Where(IsFirst, kept, variables.Gradients.Value + kept)));
        }
    }

    /// <summary>The pass.</summary>
    public Network Network { get; }

    /// <summary>The network's answer.</summary>
    public Symbol Output { get; }

    /// <summary>What the loss compares the answer with.</summary>
    public Symbol Targets { get; }

    /// <summary>What the summed loss is divided by.</summary>
    public Symbol Divisor { get; }

    /// <summary>The divided loss.</summary>
    public Symbol Loss { get; }

    /// <summary>Its flat gradient.</summary>
    public Symbol Gradients { get; }

    /// <summary>For an accumulation, whether the sum begins.</summary>
    public Symbol IsFirst { get; }

    /// <summary>The update, where every step makes one.</summary>
    public UpdateGraph? Update { get; }

    /// <summary>What a step runs.</summary>
    public List<IntPtr> StepTargets { get; } = [];

    /// <summary>The number of values of the answer.</summary>
    public long OutputCount => Output.Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>A training program's number of targets.</summary>
    public int TargetCount => _targets!.Floats.Length;

    /// <summary>Whether the program is made for these shapes and for training or not.</summary>
    public bool IsFor(long[][] shapes, bool training) =>
        training == _targets is not null && shapes.Zip(_shapes).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    /// <summary>Copies a batch to where the program is fed from.</summary>
    public IEnumerable<(Symbol Value, Tensor Tensor)> Fill(TrainingBatch batch)
    {
        for (int i = 0; i < _inputs.Length; i++)
            batch.Inputs[i].Span.CopyTo(_inputs[i].Floats);
        if (_targets is null)
            return Network.Inputs.Zip(_inputs);
        batch.Targets.Span.CopyTo(_targets.Floats);
        return Network.Inputs.Zip(_inputs).Append((Targets, _targets));
    }

    public void Dispose()
    {
        foreach (Tensor input in _inputs)
            input.Dispose();
        _targets?.Dispose();
    }
}
