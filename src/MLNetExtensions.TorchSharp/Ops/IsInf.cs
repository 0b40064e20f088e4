namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__IsInf.html">IsInf</see>, with a choice of signs.</summary>
internal static class IsInf
{
    public static OpKernel Compile(OpCompilation op)
    {
        bool negative = op.Node.Int("detect_negative", 1) != 0,
            positive = op.Node.Int("detect_positive", 1) != 0;
        return (negative, positive) switch
        {
            (true, true) => (inputs, _) => [inputs[0]!.isinf()],
            (true, false) => (inputs, _) => [inputs[0]!.isneginf()],
            (false, true) => (inputs, _) => [inputs[0]!.isposinf()],
            _ => (inputs, _) => [torch.zeros_like(inputs[0]!, torch.ScalarType.Bool)],
        };
    }
}
