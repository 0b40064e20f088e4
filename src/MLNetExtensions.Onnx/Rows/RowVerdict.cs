namespace MLNetExtensions.Onnx.Rows;

/// <summary>The relation between the rows of a batch.</summary>
internal enum RowVerdict
{
    /// <summary>Each row's outputs come from that row alone.</summary>
    Independent,

    /// <summary>The graph does not show the relation; it must be tested by a run.</summary>
    Unknown,

    /// <summary>A row's outputs depend on the rows beside it.</summary>
    Dependent,
}
