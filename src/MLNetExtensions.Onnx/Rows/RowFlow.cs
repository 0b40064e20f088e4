namespace MLNetExtensions.Onnx.Rows;

/// <summary>The relation between a value of a graph and the rows of the batch.</summary>
internal enum RowFlow
{
    /// <summary>The value is the same for any rows.</summary>
    Fixed,

    /// <summary>The value depends on the number of rows, not on their content: the number itself, a shape.</summary>
    Count,

    /// <summary>One of its dimensions counts rows, and each row's part comes from that row alone.</summary>
    Rows,

    /// <summary>The value cannot be followed.</summary>
    Unknown,

    /// <summary>Rows are mixed in it.</summary>
    Mixed,
}
