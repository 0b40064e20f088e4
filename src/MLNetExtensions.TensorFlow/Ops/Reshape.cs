namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Reshape, Flatten, Squeeze and Unsqueeze: with static shapes they are all the same.</summary>
internal static class Reshape
{
    public static OpResult[] Compile(OpCompilation op) => [op.Reshape(op.Input(0), op.OutputType(0).Shape)];
}
