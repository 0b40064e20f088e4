namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Tile.html">Tile</see>: repeats along each dimension.</summary>
internal static class Tile
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.Input(0);
        long[] shape = x.Shape,
            repeats = op.ConstantInt64s(1)!;
        long[] apart = [.. shape.SelectMany((size, axis) => new[] { repeats[axis], size })],
            copies = [.. shape.Select((_, axis) => 2L * axis)];
        return
        [
            op.Step(
                [x],
                g.Op("Tile").Input(x).Input(g.Int32s(repeats)).Output(),
                outputs => [g.Sum(g.Reshape(outputs[0]!.Value, apart), copies)]
            ),
        ];
    }
}
