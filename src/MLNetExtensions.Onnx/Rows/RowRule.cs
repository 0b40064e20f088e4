namespace MLNetExtensions.Onnx.Rows;

/// <summary>The effect of an operator on the rows of a batch.</summary>
/// <param name="Apply">From what comes into a node to its outputs; the last one stands for those after it.</param>
/// <param name="DataInputs">The number of leading inputs that hold values; those after them are shapes, which may depend on the number of
/// rows.</param>
internal sealed record RowRule(Func<RowNode, RowValue[]> Apply, int DataInputs = int.MaxValue)
{
    public RowRule(Func<RowNode, RowValue> apply, int dataInputs = int.MaxValue)
        : this(node => [apply(node)], dataInputs) { }
}
