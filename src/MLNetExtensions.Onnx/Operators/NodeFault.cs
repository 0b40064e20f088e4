namespace MLNetExtensions.Onnx.Operators;

/// <summary>
/// The exceptions of an operator's rule that meets a node which breaks the rules of its operator: a shape, an axis or a number that it cannot
/// even look at. Who calls the rule knows the node, and says so in their place.
/// </summary>
internal static class NodeFault
{
    public static bool Is(Exception exception) =>
        exception
            is ArgumentException
                or ArithmeticException
                or IndexOutOfRangeException
                or InvalidOperationException
                or KeyNotFoundException;

    /// <summary>What is said in its place.</summary>
    public static OnnxFormatException Of(OnnxNode node, Exception fault) =>
        new($"Node {node.Describe()}: its inputs or attributes do not fit the operator ({fault.Message})", fault);
}
