using MLNetExtensions.Onnx;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Gemm.html">Gemm</see>: alpha * A' * B' + beta * C.</summary>
internal static class Gemm
{
    public static OpKernel Compile(OpCompilation op)
    {
        bool transA = op.Node.Int("transA", 0) != 0,
            transB = op.Node.Int("transB", 0) != 0;
        float alpha = op.Node.Float("alpha", 1),
            beta = op.Node.Float("beta", 1);
        bool hasC = op.Node.HasInput(2) && beta != 0;
        // The form of a dense layer: one fused call.
        bool isLinear = alpha == 1 && beta == 1 && (!hasC || op.InputType(2).Shape is [var size] && size == op.OutputType(0).Shape[1]);
        bool lower = op.InputType(0).ElementType == OnnxElementType.Float;

        return (inputs, run) =>
        {
            Tensor a = Operand(0),
                b = Operand(1);
            Tensor? c = hasC ? Operand(2) : null;
            if (transA)
                a = a.t();
            if (isLinear)
                return [F.linear(a, transB ? b : b.t(), c)];
            Tensor y = a.matmul(transB ? b.t() : b);
            if (alpha != 1)
                y = y.mul(alpha);
            if (c is not null)
                y = y.add(c, beta);
            return [y];

            Tensor Operand(int index) => lower ? run.ToCompute(inputs[index]!) : inputs[index]!;
        };
    }
}
