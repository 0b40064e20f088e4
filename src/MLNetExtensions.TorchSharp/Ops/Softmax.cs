using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Softmax.html">Softmax</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__LogSoftmax.html">LogSoftmax</see> along one axis, in 32 bits.
/// </summary>
internal static class Softmax
{
    public static OpKernel Compile(OpCompilation op)
    {
        long axis = op.Node.Int("axis", -1);
        return (inputs, run) => [F.softmax(run.ToFloat32(inputs[0]!), axis)];
    }

    public static OpKernel CompileLog(OpCompilation op)
    {
        long axis = op.Node.Int("axis", -1);
        return (inputs, run) => [F.log_softmax(run.ToFloat32(inputs[0]!), axis)];
    }
}
