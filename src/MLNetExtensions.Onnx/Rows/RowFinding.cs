namespace MLNetExtensions.Onnx.Rows;

/// <summary>The relation between the rows of a batch in a graph, and the reason for it.</summary>
/// <param name="Verdict">The finding.</param>
/// <param name="Why">A sentence that names the node, for messages; empty for independent rows.</param>
internal sealed record RowFinding(RowVerdict Verdict, string Why = "")
{
    public static readonly RowFinding Independent = new(RowVerdict.Independent);

    public bool IsIndependent => Verdict == RowVerdict.Independent;
}
