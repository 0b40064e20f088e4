using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Concat.html">Concat</see> along an axis.</summary>
internal static class Concat
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol[] parts = op.SameLayout(out bool last);
        if (Array.Exists(parts, p => p.Type != parts[0].Type))
            parts = [.. parts.Select(op.Widen)];
        int axis = Steps.Place(op.Axis(0), parts[0].Rank, last);
        Symbol y = op.Step(
            parts,
            g.Concat(parts, axis),
            outputs => [.. g.Split(outputs[0]!.Value, [.. parts.Select(p => p.Shape[axis])], axis)]
        );
        return [new OpResult(y, last)];
    }
}
