namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// Reshape, Flatten, Squeeze and Unsqueeze: with static shapes they are all the same, a view of the same elements in the output's shape.
/// </summary>
internal static class Reshape
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] shape = op.OutputType(0).Shape;
        return (inputs, _) => [inputs[0]!.reshape(shape)];
    }
}
