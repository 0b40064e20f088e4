namespace MLNetExtensions.Onnx.Checking;

/// <summary>The kinds of problems that a graph may have.</summary>
public enum OnnxProblemKind
{
    /// <summary>A value is read, or given back, that nothing in the graph makes, or only a later node.</summary>
    UndefinedValue,

    /// <summary>Two values, or two nodes, have one name.</summary>
    DuplicateName,

    /// <summary>A node's domain has no version among <see cref="OnnxGraph.Opsets"/>.</summary>
    MissingOpset,

    /// <summary>
    /// An operator, or a form of it, that this library does not know: its shapes are not checked, and it cannot be trained. ONNX Runtime
    /// may know it.
    /// </summary>
    UnknownOperator,

    /// <summary>A node's inputs do not fit it, or the graph states another type or shape than its nodes make.</summary>
    ShapeMismatch,
}
