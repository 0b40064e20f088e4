using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TorchSharp.Losses;

/// <summary>The graph of an <see cref="OnnxLoss"/>, compiled for one number of rows; libtorch's autograd follows it back.</summary>
internal sealed class OnnxLossProgram : IDisposable
{
    private readonly OnnxLossSignature _signature;
    private readonly CompiledGraph _graph;
    private readonly long[][] _shapes;
    private readonly RunContext _run;

    /// <param name="loss">The loss.</param>
    /// <param name="outputShape">The shape of the network's output: rows and outputs.</param>
    /// <param name="constants">Holds the session's constants.</param>
    /// <param name="options">The session's options.</param>
    /// <param name="run">The session's device and generator.</param>
    /// <exception cref="UnsupportedOpsException">Nodes have no kernel; all of them are in the message.</exception>
    /// <exception cref="ArgumentException">The graph does not fit the output.</exception>
    public OnnxLossProgram(OnnxLoss loss, long[] outputShape, ConstantStore constants, TrainingSessionOptions options, RunContext run)
    {
        _signature = loss.SignatureFor(BatchShapes.WidthOf(outputShape, loss));
        _shapes = _signature.ShapesOf(outputShape[0]);
        LoweredGraph lowered = _signature.Lower(outputShape[0], node => OpRegistry.Find(node, OnnxGraph.MaximumOpset) is not null);
        // The loss computes in 32 bits and in inference mode.
        _run = new RunContext
        {
            Device = run.Device,
            ComputeType = torch.ScalarType.Float32,
            Generator = run.Generator,
        };
        _graph = CompiledGraph.Create(
            $"The TorchSharp runtime, for the loss graph '{loss.Graph.Name}',",
            lowered,
            parameters: null,
            constants,
            options
        );
    }

    /// <inheritdoc cref="TorchLoss"/>
    public Tensor Compute(Tensor output, Tensor targets, float targetWeight)
    {
        int values = _signature.TargetValues;
        Tensor target = targets.narrow(1, 0, values).reshape(_shapes[1]),
            weights = targets.select(1, values);
        if (_signature.TargetType != OnnxElementType.Float)
            target = target.to(_signature.TargetType.ToScalarType());
        Tensor[] inputs = [output.reshape(_shapes[0]), target];
        if (_signature.TakesWeights)
            inputs = [.. inputs, weights.reshape(_shapes[2])];
        Tensor result = _graph.Run(inputs, _run);
        Tensor sum =
            _signature.IsScalar ? result.sum().mul(weights.sum())
            : _signature.TakesWeights ? result.sum()
            : result.reshape(-1).mul(weights).sum();
        return sum.div(targetWeight);
    }

    public void Dispose() => _graph.Dispose();
}
