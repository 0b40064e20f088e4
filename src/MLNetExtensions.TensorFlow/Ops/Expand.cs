namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Expand.html">Expand</see>: broadcast to the output's shape.</summary>
internal static class Expand
{
    public static OpResult[] Compile(OpCompilation op) => [op.BroadcastTo(op.Input(0), op.OutputType(0).Shape)];
}
