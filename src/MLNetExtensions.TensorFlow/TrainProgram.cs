using System.Runtime.InteropServices;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Losses;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.TensorFlow.Privacy;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TensorFlow;

/// <summary>
/// A network's training step for one set of input shapes: forward, loss, backward, and the update or the sum of gradients, all in one run.
/// Where the loss is not finite, or in 16-bit floats a gradient, no variable changes: they are assigned behind a switch.
/// </summary>
internal sealed class TrainProgram : IDisposable
{
    private readonly Tensor _targets,
        _divisor = Tensor.Allocate(DataType.Float, []),
        _lossScale = Tensor.Allocate(DataType.Float, []),
        _seed = Tensor.Allocate(DataType.Int64, [2]),
        _isFirst = Tensor.Allocate(DataType.Bool, []);
    private readonly PreparedRun _step,
        _check;
    private readonly UpdateGraph? _update;
    private readonly StepGuard? _guard;
    private readonly CancellationToken _cancellation;
    private readonly int _seedValue;
    private readonly bool _sharesWeight;
    private readonly PrivateGradient? _private;

    public TrainProgram(
        TensorFlowGraph graph,
        LoweredGraph lowered,
        ParameterLayout layout,
        SessionVariables variables,
        TrainingSessionOptions options,
        DataType computeType,
        AllReduce? reduce,
        bool endsWithin,
        (IReadOnlyList<ParameterUse> Uses, GaussianNoise Noise)? privacy = null
    )
    {
        // Workers drop other values: their rows are others.
        _seedValue = reduce is { Rank: > 0 and int worker } ? RunSeed.Of(options.Seed, worker) : options.Seed;
        var pass = new PassKind(Training: true, options.BatchNorm == BatchNormMode.Train, options.Dropout, computeType);
        if (endsWithin)
            (_guard, _cancellation) = (new StepGuard(graph), options.CancellationToken);
        var network = new Network(graph, lowered, layout, variables.Values.Value, variables.State.Value, pass, _guard);
        Inputs = new ProgramInputs(network.Inputs);
        Draws = network.Draws;
        long[] shape = BatchShapes.OfTargets(lowered.Types[lowered.Graph.Outputs[0].Name].Shape, options.Loss);
        _targets = Tensor.Allocate(DataType.Float, shape);

        Symbol targets = graph.Placeholder(DataType.Float, shape),
            divisor = graph.Placeholder(DataType.Float);
        Symbol sum = options.Loss is OnnxLoss own
            ? OnnxLossNodes.Sum(own, network.Tape, network.Output, targets)
            : network.Tape.Derive("loss", network.Output, output => TensorFlowLosses.Sum(options.Loss, output, targets));
        // Accumulated gradients stay undivided: their steps' weights divide them all together, at the update.
        bool accumulates = options.GradientAccumulation > 1,
            divides = reduce is null && !accumulates;
        // A worker without rows of a step stands in with one that does not count.
        Symbol weight = divisor,
            scale = reduce is not null ? graph.Cast(graph.Binary("Greater", divisor, graph.Scalar(0, DataType.Float)), DataType.Float)
            : divides ? 1 / divisor
            : graph.Scalar(1, DataType.Float);
        Symbol? lossScale = computeType == DataType.Half ? graph.Placeholder(DataType.Float) : null;
        Symbol gradients =
            layout.Size == 0 ? graph.Constant(ReadOnlySpan<float>.Empty, 0)
            : lossScale is { } factor ? network.GradientOf(sum, scale * factor) / factor
            : network.GradientOf(sum, scale);
        if (privacy is { } examples)
        {
            _private = new PrivateGradient(graph, network, (lowered, examples.Uses), sum, layout, options.Privacy!, examples.Noise);
            gradients = _private.Value;
        }
        Symbol? moved = network.NewState;
        if (reduce is not null)
            (sum, weight, gradients, moved) = Together(graph, reduce, sum * scale, divisor, scale, gradients, moved);
        Symbol loss = sum / weight,
            mean = divides ? gradients : gradients / weight;
        List<(Symbol, Tensor)> feeds = [.. Inputs.Feeds, (targets, _targets), (divisor, _divisor)];
        if (Draws)
            feeds.Add((network.Seed, _seed));
        if (_guard is not null)
            feeds.Add(_guard.Feed);
        if (_private is not null)
            feeds.AddRange(_private.Feeds);
        if (lossScale is { } fed)
            feeds.Add((fed, _lossScale));
        _check = new PreparedRun(feeds, [loss, graph.Identity(network.Output), mean], [], together: reduce is not null);

        Symbol isFinite = graph.Unary("IsFinite", loss);
        if (lossScale is not null)
            isFinite = graph.Binary("LogicalAnd", isFinite, graph.Reduce("All", graph.Unary("IsFinite", gradients), [0], keep: false));
        Symbol kept = graph.OnlyIf(isFinite, accumulates ? gradients : mean);
        var operations = new List<IntPtr>();
        // Statistics are known halfway: a step that is broken off must not have changed them.
        if (_guard is not null && moved is { } early)
            moved = graph.After(early, kept.Output.Operation);
        Symbol? state = moved is { } ownState ? graph.OnlyIf(isFinite, ownState) : null;
        if (state is { } newState)
            operations.Add(variables.State.Assign(newState));
        if (!accumulates)
        {
            _update = new UpdateGraph(graph, variables, layout, options, kept, state);
            operations.AddRange(_update.Targets);
            feeds.AddRange(_update.Feeds);
        }
        else
        {
            Symbol isFirst = graph.Placeholder(DataType.Bool);
            operations.Add(variables.Gradients.Assign(graph.Where(isFirst, kept, variables.Gradients.Value + kept)));
            feeds.Add((isFirst, _isFirst));
        }
        _sharesWeight = reduce is not null;
        _step = new PreparedRun(
            feeds,
            _sharesWeight ? [loss, isFinite, weight]
                : _private is not null ? [loss, isFinite, graph.Identity(network.Output)]
                : [loss, isFinite],
            operations,
            together: reduce is not null
        );
    }

    /// <summary>
    /// The sums of loss, weight and gradients over all workers' rows, and the mean of the statistics of those present, in one sum over the
    /// network.
    /// </summary>
    private static (Symbol Sum, Symbol Weight, Symbol Gradients, Symbol? State) Together(
        TensorFlowGraph graph,
        AllReduce reduce,
        Symbol sum,
        Symbol weight,
        Symbol present,
        Symbol gradients,
        Symbol? state
    )
    {
        List<Symbol> parts = [graph.Reshape(sum, 1), graph.Reshape(weight, 1), graph.Reshape(present, 1), gradients];
        if (state is { } own)
            parts.Add(own * present);
        Symbol[] all = graph.Split(reduce.SumOfStep(graph.Concat(parts, 0)), [.. parts.Select(p => p.Shape[0])], 0);
        return (graph.Reshape(all[0]), graph.Reshape(all[1]), all[3], state is null ? null : all[4] / graph.Reshape(all[2]));
    }

    /// <summary>The buffers a batch is copied to.</summary>
    public ProgramInputs Inputs { get; }

    /// <summary>True if a pass draws random numbers.</summary>
    public bool Draws { get; }

    /// <summary>The number of values that the loss compares the answer with.</summary>
    public int TargetCount => _targets.Floats.Length;

    /// <summary>Sets what the next run is fed beside the inputs.</summary>
    /// <param name="targets">The encoded targets.</param>
    /// <param name="divisor">The divisor of the summed loss; with several workers, their sum. 0 for a batch that is ignored.</param>
    /// <param name="pass">The number of the pass, from which dropout's draws follow.</param>
    /// <param name="lossScale">The factor of the loss for the backward pass in 16-bit floats.</param>
    public void Prepare(ReadOnlySpan<float> targets, float divisor, long pass, float lossScale)
    {
        targets.CopyTo(_targets.Floats);
        _divisor.Floats[0] = divisor;
        _lossScale.Floats[0] = lossScale;
        Span<long> seed = MemoryMarshal.Cast<byte, long>(_seed.Bytes);
        (seed[0], seed[1]) = (_seedValue, pass);
    }

    /// <summary>A step.</summary>
    /// <param name="session">The graph's session.</param>
    /// <param name="update">The number of the update that it makes, from 1.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="isFirst">For an accumulation, whether its sum begins.</param>
    /// <returns>The divided loss and its divisor, over all workers, and true if the step changed anything.</returns>
    /// <exception cref="OperationCanceledException">The run was canceled, and the step broken off: nothing has changed.</exception>
    public (float Loss, float Weight, bool IsMade) Step(GraphSession session, long update, float learningRate, bool isFirst)
    {
        _update?.Prepare(update, learningRate);
        _isFirst.Bytes[0] = isFirst ? (byte)1 : (byte)0;
        Run(session);
        using Tensor loss = _step.Take(0),
            isMade = _step.Take(1);
        if (!_sharesWeight)
            return (loss.Floats[0], _divisor.Floats[0], isMade.Bytes[0] != 0);
        using Tensor weight = _step.Take(2);
        return (loss.Floats[0], weight.Floats[0], isMade.Bytes[0] != 0);
    }

    /// <summary>A step of DP-SGD.</summary>
    /// <param name="session">The graph's session.</param>
    /// <param name="update">The number of the update that it makes, from 1.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="batch">The batch that was prepared.</param>
    /// <param name="loss">The loss.</param>
    /// <returns>The mean loss of the rows that count, and true if the step changed anything.</returns>
    public (float Loss, bool IsMade) PrivateStep(GraphSession session, long update, float learningRate, TrainingBatch batch, Loss loss)
    {
        _update!.Prepare(update, learningRate);
        _private!.Prepare(batch.Count - batch.Fillers);
        Run(session);
        using Tensor mean = _step.Take(0),
            isMade = _step.Take(1),
            output = _step.Take(2);
        bool made = isMade.Bytes[0] != 0;
        return (made ? PrivateLoss.Of(loss, batch, output.Floats) : mean.Floats[0], made);
    }

    private void Run(GraphSession session)
    {
        if (_guard is null)
        {
            Repeat(session);
            return;
        }
        using CancellationTokenRegistration watch = _guard.Watch(_cancellation);
        try
        {
            Repeat(session);
        }
        catch (TensorFlowException e) when (_cancellation.IsCancellationRequested && e.Code == TensorFlowErrorCode.InvalidArgument)
        {
            throw new OperationCanceledException("The step was broken off.", e, _cancellation);
        }
    }

    /// <summary>The step's bare run, as it was last prepared.</summary>
    public void Repeat(GraphSession session) => _step.Run(session);

    /// <summary>The same, telling where its ops ran.</summary>
    public IReadOnlyList<(string Op, string Name, string Device)> Place(GraphSession session) => _step.Place(session);

    /// <summary>Gives up what <see cref="Repeat"/> fetched.</summary>
    public void Drop()
    {
        for (int i = 0; i < (_sharesWeight || _private is not null ? 3 : 2); i++)
            _step.Take(i).Dispose();
    }

    /// <summary>The loss, the answer and the flat gradients, without any change.</summary>
    public (float Loss, float[] Output, float[] Gradients) Check(GraphSession session)
    {
        _check.Run(session);
        using Tensor loss = _check.Take(0),
            output = _check.Take(1),
            gradients = _check.Take(2);
        return (loss.Floats[0], output.Floats.ToArray(), gradients.Floats.ToArray());
    }

    public void Dispose()
    {
        Inputs.Dispose();
        _guard?.Dispose();
        _update?.Dispose();
        _private?.Dispose();
        _targets.Dispose();
        _divisor.Dispose();
        _lossScale.Dispose();
        _seed.Dispose();
        _isFirst.Dispose();
    }
}
