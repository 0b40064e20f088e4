using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// The places of a step at which it can be broken off. TensorFlow's C API ends no run, but a run ends at an op that fails: an assertion of a
/// number that is fed, which the op reads when its turn comes, from the memory that it was fed from.
/// </summary>
internal sealed class StepGuard : IDisposable
{
    /// <summary>The work of the forward pass between two places: some 20 ms, where an assertion takes 0.02 ms.</summary>
    private const double Between = 2e8;

    private readonly TensorFlowGraph _graph;
    private readonly Tensor _goesOn = Tensor.Allocate(DataType.Bool, []);
    private readonly Symbol _fed;
    private double _work;

    public StepGuard(TensorFlowGraph graph)
    {
        _graph = graph;
        _fed = graph.Placeholder(DataType.Bool);
        _goesOn.Bytes[0] = 1;
    }

    /// <summary>What runs are fed.</summary>
    public (Symbol Value, Tensor Tensor) Feed => (_fed, _goesOn);

    /// <summary>Adds a place behind a node, on the way there and on the way back, if there has been enough work since the last.</summary>
    public void After(OnnxNode node, LoweredGraph lowered, ProgramValues values)
    {
        _work += NodeWork.Of(node, lowered);
        if (_work < Between || !node.HasOutput(0))
            return;
        _work = 0;
        values.Replace(
            node.Outputs[0],
            value =>
            {
                Symbol passed = Pass(value);
                values.Tape.Record("goes_on", [value], [passed], gradients => [Pass(gradients[0]!.Value)]);
                return passed;
            }
        );
    }

    /// <summary>Breaks off the run that is made until the result is disposed, if the token is canceled.</summary>
    public CancellationTokenRegistration Watch(CancellationToken cancellationToken)
    {
        _goesOn.Bytes[0] = 1;
        return cancellationToken.Register(() => _goesOn.Bytes[0] = 0);
    }

    public void Dispose() => _goesOn.Dispose();

    private Symbol Pass(Symbol value)
    {
        IntPtr check = _graph.Op("Assert").Input(_fed).Inputs([_fed]).After(value.Output.Operation).Finish();
        return _graph.After(value, check);
    }
}
