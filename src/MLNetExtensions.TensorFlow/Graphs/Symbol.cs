namespace MLNetExtensions.TensorFlow.Graphs;

/// <summary>
/// A value of a graph, computed when a session runs. Operators add ops to the graph; a number takes the other side's type.
/// </summary>
internal readonly record struct Symbol(TensorFlowGraph Graph, Output Output)
{
    /// <summary>The element type.</summary>
    public DataType Type => NativeMethods.TF_OperationOutputType(Output);

    /// <summary>The sizes; -1 if one is not known before the run.</summary>
    public long[] Shape => Graph.ShapeOf(Output);

    /// <summary>The number of dimensions.</summary>
    public int Rank => Shape.Length;

    public static Symbol operator +(Symbol a, Symbol b) => a.Graph.Binary("AddV2", a, b);

    public static Symbol operator -(Symbol a, Symbol b) => a.Graph.Binary("Sub", a, b);

    public static Symbol operator *(Symbol a, Symbol b) => a.Graph.Binary("Mul", a, b);

    public static Symbol operator /(Symbol a, Symbol b) => a.Graph.Binary("RealDiv", a, b);

    public static Symbol operator -(Symbol a) => a.Graph.Unary("Neg", a);

    public static Symbol operator +(Symbol a, double b) => a + a.Graph.Scalar(b, a.Type);

    public static Symbol operator -(Symbol a, double b) => a - a.Graph.Scalar(b, a.Type);

    public static Symbol operator *(Symbol a, double b) => a * a.Graph.Scalar(b, a.Type);

    public static Symbol operator /(Symbol a, double b) => a / a.Graph.Scalar(b, a.Type);

    public static Symbol operator +(double a, Symbol b) => b.Graph.Scalar(a, b.Type) + b;

    public static Symbol operator -(double a, Symbol b) => b.Graph.Scalar(a, b.Type) - b;

    public static Symbol operator *(double a, Symbol b) => b.Graph.Scalar(a, b.Type) * b;

    public static Symbol operator /(double a, Symbol b) => b.Graph.Scalar(a, b.Type) / b;

    public override string ToString() => $"{Type}[{string.Join(',', Shape)}]";
}
