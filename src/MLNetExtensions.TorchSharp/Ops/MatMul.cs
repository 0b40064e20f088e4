using MLNetExtensions.Onnx;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__MatMul.html">MatMul</see>: matrix product with broadcasting of the leading dimensions.
/// </summary>
internal static class MatMul
{
    public static OpKernel Compile(OpCompilation op)
    {
        bool lower = op.InputType(0).ElementType == OnnxElementType.Float;
        return (inputs, run) => lower ? [run.ToCompute(inputs[0]!).matmul(run.ToCompute(inputs[1]!))] : [inputs[0]!.matmul(inputs[1]!)];
    }
}
