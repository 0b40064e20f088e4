using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Training;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// The context of an op's <c>static OpKernel Compile(OpCompilation op)</c>. Everything that does not depend on values is computed there,
/// once, and captured by the kernel.
/// </summary>
internal sealed class OpCompilation(
    OnnxNode node,
    LoweredGraph lowered,
    IReadOnlySet<string> variables,
    IReadOnlySet<string> read,
    TrainingSessionOptions options,
    List<IDisposable> kept
) : OpNode(node, lowered, variables, read)
{
    /// <summary>The options of the session.</summary>
    public TrainingSessionOptions Options => options;

    /// <summary>Hands a tensor made at compile time to the compiled program, which disposes it with itself.</summary>
    public Tensor Keep(Tensor tensor)
    {
        kept.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
