namespace MLNetExtensions.TensorFlow.Graphs;

/// <summary>A resource variable of 32-bit floats in one dimension: memory that outlives a run.</summary>
internal sealed class Variable
{
    private readonly TensorFlowGraph _graph;
    private readonly Symbol _handle;

    public Variable(TensorFlowGraph graph, string name, long size)
    {
        _graph = graph;
        Size = size;
        _handle = graph
            .Op("VarHandleOp")
            .Named(name)
            .Set("dtype", DataType.Float)
            .SetShape("shape", [size])
            .Set("shared_name", name)
            .Output();
        Value = graph.Op("ReadVariableOp").Named($"{name}/read").Input(_handle).Set("dtype", DataType.Float).Output();
        Input = graph.Op("Placeholder").Named($"{name}/input").Set("dtype", DataType.Float).SetShape("shape", [size]).Output();
        Write = Assign(Input);
    }

    /// <summary>The number of values.</summary>
    public long Size { get; }

    /// <summary>The values at the start of a run, as far as nothing that depends on them is assigned.</summary>
    public Symbol Value { get; }

    /// <summary>The placeholder whose fed value <see cref="Write"/> assigns.</summary>
    public Symbol Input { get; }

    /// <summary>The operation that writes <see cref="Input"/>.</summary>
    public IntPtr Write { get; }

    /// <summary>
    /// An operation that makes the variable another value. What reads the old value is done by then only if the new one depends on it.
    /// </summary>
    public IntPtr Assign(Symbol value) => _graph.Op("AssignVariableOp").Input(_handle).Input(value).Set("dtype", DataType.Float).Finish();
}
