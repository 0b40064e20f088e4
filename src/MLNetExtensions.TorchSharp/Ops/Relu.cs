namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Relu.html">Relu</see>: max(x, 0).</summary>
internal static class Relu
{
    public static OpKernel Compile(OpCompilation op) => (inputs, _) => [inputs[0]!.relu()];
}
