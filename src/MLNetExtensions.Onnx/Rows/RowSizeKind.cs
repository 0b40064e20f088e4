namespace MLNetExtensions.Onnx.Rows;

/// <summary>The extent to which an integer in a shape is known without running the graph.</summary>
internal enum RowSizeKind
{
    /// <summary>A known number.</summary>
    Constant,

    /// <summary>A number that is not known but is the same for any number of rows.</summary>
    Fixed,

    /// <summary>The number of rows, or a multiple of it.</summary>
    Rows,

    /// <summary>A number that depends on the number of rows in another way.</summary>
    Other,
}
