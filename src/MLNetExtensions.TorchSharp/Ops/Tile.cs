namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Tile.html">Tile</see>: repeats along each dimension.</summary>
internal static class Tile
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] repeats = op.ConstantInt64s(1)!;
        return (inputs, _) => [inputs[0]!.repeat(repeats)];
    }
}
