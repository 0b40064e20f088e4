namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Expand.html">Expand</see>: a view broadcast to the output's shape.</summary>
internal static class Expand
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] shape = op.OutputType(0).Shape;
        return (inputs, _) => [inputs[0]!.expand(shape)];
    }
}
