namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Reshape, Flatten, Squeeze and Unsqueeze: with static shapes they are all the same.</summary>
internal static class Reshape
{
    public static OpResult[] Compile(OpCompilation op)
    {
        Symbol x = op.Input(0);
        long[] from = op.InputType(0).Shape;
        return [op.Step([x], op.Graph.Reshape(x, op.OutputType(0).Shape), outputs => [op.Graph.Reshape(outputs[0]!.Value, from)])];
    }
}
