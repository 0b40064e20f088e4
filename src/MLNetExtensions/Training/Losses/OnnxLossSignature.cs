using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Training.Losses;

/// <summary>What the graph of a loss takes and gives for a network of some number of outputs.</summary>
/// <param name="graph">The graph.</param>
/// <param name="width">The number of outputs of a row.</param>
/// <param name="isScalar">True if the graph gives one number for a batch; false if one for each row.</param>
internal sealed class OnnxLossSignature(OnnxLossGraph graph, int width, bool isScalar)
{
    /// <summary>The graph.</summary>
    public OnnxGraph Graph => graph.Graph;

    /// <summary>The element type of the targets.</summary>
    public OnnxElementType TargetType => graph.TargetType;

    /// <summary>True if the graph takes the weights of the rows.</summary>
    public bool TakesWeights => graph.TakesWeights;

    /// <summary>True if the graph gives one number for a batch; false if one for each row.</summary>
    public bool IsScalar => isScalar;

    /// <summary>The number of target values of a row that the graph takes; the row's weight follows them in the encoded targets.</summary>
    public int TargetValues => graph.TakesClasses ? 1 : width;

    /// <summary>The shapes of the inputs for some rows.</summary>
    /// <exception cref="ArgumentException">An input is of another rank.</exception>
    public long[][] ShapesOf(long rows)
    {
        long[][] shapes = [ShapeOf(0, rows, width), ShapeOf(1, rows, TargetValues)];
        return TakesWeights ? [.. shapes, ShapeOf(2, rows, 1)] : shapes;
    }

    /// <summary>The graph made ready for a runtime, for some rows.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="isNative">True if the runtime does a composite by itself.</param>
    public LoweredGraph Lower(long rows, Func<OnnxNode, bool> isNative) =>
        GraphLowering.Lower(
            Graph,
            Graph.Inputs.Zip(ShapesOf(rows)).ToDictionary(pair => pair.First.Name, pair => pair.Second),
            isNative,
            weightsChange: false
        );

    /// <summary>Checks that rows can be weighted.</summary>
    /// <exception cref="ArgumentException">They cannot.</exception>
    public void RequireWeighted() =>
        graph.Require(
            !IsScalar || TakesWeights,
            "gives one number for all rows of a batch, so rows cannot be weighted by class (ClassWeights, BalanceClasses); let it give one "
                + "value for each row, or take the rows' weights as a third input"
        );

    /// <summary>The inputs that a graph may have.</summary>
    public string Describe() =>
        $"Float [batch, {width}], {(graph.TakesClasses ? $"{TargetType} [batch]" : $"Float [batch, {width}]")}"
        + $"{(TakesWeights ? ", Float [batch]" : "")}";

    private long[] ShapeOf(int input, long rows, int values)
    {
        OnnxValue value = Graph.Inputs[input];
        return value.Shape?.Count switch
        {
            1 when values == 1 => [rows],
            2 => [rows, values],
            // Without a shape, it is the usual one.
            null => input == 0 || input == 1 && !graph.TakesClasses ? [rows, values] : [rows],
            _ => throw new ArgumentException($"Its input {value} is for {values} values a row."),
        };
    }
}
