namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Add.html">Add</see>: a + b with broadcasting.</summary>
internal static class Add
{
    public static OpKernel Compile(OpCompilation op) => (inputs, _) => [inputs[0]!.add(inputs[1]!)];
}
