namespace MLNetExtensions.Onnx.Checking;

/// <summary>Something that is wrong with a graph.</summary>
/// <param name="Kind">What kind of problem it is.</param>
/// <param name="Message">What is wrong, with the node and the value.</param>
/// <param name="Node">The node; null where it is the graph's own inputs, outputs or constants.</param>
/// <param name="Value">The value's name; null where it is of no single one.</param>
public sealed record OnnxProblem(OnnxProblemKind Kind, string Message, OnnxNode? Node = null, string? Value = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Message}";
}
