namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Where.html">Where</see>: condition ? x : y with broadcasting.</summary>
internal static class Where
{
    public static OpKernel Compile(OpCompilation op) => (inputs, _) => [torch.where(inputs[0]!, inputs[1]!, inputs[2]!)];
}
