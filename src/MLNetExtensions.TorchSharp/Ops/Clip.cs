namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Clip.html">Clip</see> to bounds, each of which may be absent.</summary>
internal static class Clip
{
    public static OpKernel Compile(OpCompilation op)
    {
        bool hasLow = op.Node.HasInput(1),
            hasHigh = op.Node.HasInput(2);
        if (!hasLow && !hasHigh)
            return (inputs, _) => [inputs[0]!.alias()];
        if ((hasLow && op.ConstantInput(1) is null) || (hasHigh && op.ConstantInput(2) is null))
            return (inputs, _) => [torch.clamp(inputs[0]!, hasLow ? inputs[1] : null, hasHigh ? inputs[2] : null)];
        // As numbers rather than tensors, so that a bfloat16 activation stays one; infinities bound nothing.
        bool floating = op.InputType(0).ElementType.IsFloating();
        Scalar? low = Bound(1),
            high = Bound(2);
        // ReLU6's gradient is one pass over memory, clamp's is four that are not vectorized (a third of a step of EfficientNet-Lite).
        // (TorchSharp's hardtanh, which would do for other bounds, gives back its argument as it is.)
        if (floating && op.ConstantInput(1)?.ToFloats() is [0] && op.ConstantInput(2)?.ToFloats() is [6])
            return (inputs, _) => [inputs[0]!.relu6()];
        return (inputs, _) => [torch.clamp(inputs[0]!, low, high)];

        Scalar? Bound(int index) =>
            op.ConstantInput(index) is not { } tensor ? null
            : floating ? (Scalar)tensor.ToFloats()[0]
            : (Scalar)tensor.ToInt64s()[0];
    }
}
