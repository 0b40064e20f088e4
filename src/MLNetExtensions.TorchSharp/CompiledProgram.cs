using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TorchSharp.Losses;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.TorchSharp.Privacy;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TorchSharp;

/// <summary>A network and its loss, compiled for one set of input shapes, with the buffers that batches are copied to.</summary>
internal sealed class CompiledProgram : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly CompiledGraph _network;
    private readonly Tensor[] _inputTensors;
    private readonly TorchLoss _loss;

    /// <summary>Compiles a network.</summary>
    /// <param name="lowered">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="constants">Where its other initializers are held.</param>
    /// <param name="options">The session's options.</param>
    /// <param name="run">The session's passes.</param>
    /// <param name="uses">The uses of its parameters, to tell the gradients of single examples; null otherwise.</param>
    /// <exception cref="UnsupportedOpsException">Nodes have no kernel; all of them are in the message.</exception>
    public CompiledProgram(
        LoweredGraph lowered,
        ParameterStore parameters,
        ConstantStore constants,
        TrainingSessionOptions options,
        RunContext run,
        IReadOnlyList<ParameterUse>? uses = null
    )
    {
        OnnxGraph graph = lowered.Graph;
        InputShapes = [.. graph.Inputs.Select(input => lowered.Types[input.Name].Shape)];
        try
        {
            using IDisposable scope = torch.NewDisposeScope();
            long[] outputShape = lowered.Types[graph.Outputs[0].Name].Shape;
            OutputCount = outputShape.Aggregate(1L, (product, size) => product * size);
            Inputs = [.. graph.Inputs.Select(input => Own(new InputBuffer(lowered.Types[input.Name], run.Device)))];
            _inputTensors = [.. Inputs.Select(input => input.Tensor)];
            var targets = new TensorType(OnnxElementType.Float, BatchShapes.OfTargets(outputShape, options.Loss));
            Targets = Own(new InputBuffer(targets, run.Device));
            _network = Own(CompiledGraph.Create("The TorchSharp runtime", lowered, parameters, constants, options, uses));
            _loss = options.Loss is OnnxLoss own
                ? Own(new OnnxLossProgram(own, outputShape, constants, options, run)).Compute
                : TorchLosses.Create(options.Loss);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The graph's inputs, in order.</summary>
    public InputBuffer[] Inputs { get; }

    /// <summary>The targets that the loss compares the output with.</summary>
    public InputBuffer Targets { get; }

    /// <summary>The number of values of the graph's first output.</summary>
    public long OutputCount { get; }

    /// <summary>The shapes that the program is made for.</summary>
    public long[][] InputShapes { get; }

    /// <summary>True if the program was compiled for these shapes.</summary>
    public bool IsFor(long[][] shapes)
    {
        for (int i = 0; i < shapes.Length; i++)
            if (!shapes[i].AsSpan().SequenceEqual(InputShapes[i]))
                return false;
        return true;
    }

    /// <summary>Runs the network on what the input buffers hold.</summary>
    /// <returns>The graph's first output, owned by the caller's dispose scope.</returns>
    public Tensor Run(RunContext run) => _network.Run(_inputTensors, run);

    /// <summary>Computes the loss of an output, in 32 bits, and of what the targets' buffer holds.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="divisor">The divisor of the summed loss.</param>
    public Tensor Loss(Tensor output, float divisor) => _loss(output, Targets.Tensor, divisor);

    /// <inheritdoc cref="CompiledGraph.Examples"/>
    public ExampleGradients? Examples => _network.Examples;

    /// <inheritdoc cref="CompiledGraph.IsSegmented"/>
    public bool IsSegmented => _network.IsSegmented;

    /// <inheritdoc cref="CompiledGraph.Backward"/>
    public void Backward(Tensor loss, CancellationToken cancellationToken) => _network.Backward(loss, cancellationToken);

    public void Dispose() => _owned.ForEach(o => o.Dispose());

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
