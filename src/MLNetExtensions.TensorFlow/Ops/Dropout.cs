namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Dropout.html">Dropout</see>. The session, not the node's <c>training_mode</c>, says
/// whether values are dropped; the draws follow its seed and the number of the step.
/// </summary>
internal static class Dropout
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        float ratio = 0.5f;
        if (op.Node.HasInput(1))
            ratio = (op.ConstantInput(1) ?? throw op.Unsupported("a ratio computed at run time")).ToFloats()[0];
        if (ratio is < 0 or >= 1)
            throw op.Unsupported($"ratio {ratio}, which is not in [0, 1)");
        Symbol x = op.AnyLayout(0, out bool last);
        bool hasMask = op.IsOutputUsed(1);
        if (!op.Pass.Dropout || ratio == 0)
            return hasMask
                ? [new OpResult(x, last), g.Op("Fill").Input(g.Int32s(op.InputType(0).Shape)).Input(g.Scalar(1, DataType.Bool)).Output()]
                : [new OpResult(x, last)];
        Symbol keep = g.Binary("GreaterEqual", op.RandomUniform(x.Shape), g.Scalar(ratio, DataType.Float));
        Symbol scale = g.Cast(keep, x.Type) * (1 / (1 - (double)ratio));
        Symbol y = op.Step([x], x * scale, outputs => [outputs[0]!.Value * scale]);
        return hasMask ? [new OpResult(y, last), new OpResult(keep, last)] : [new OpResult(y, last)];
    }
}
