using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Calibrating;

/// <summary>A fitted map from probabilities to calibrated ones.</summary>
internal abstract class ProbabilityMap
{
    /// <summary>The least probability whose logarithm is taken: the smallest normal Single.</summary>
    private protected const float Least = 1.17549435e-38f;

    /// <summary>Adds the nodes; the last one makes the graph's output.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="probabilities">Float [batch, classes].</param>
    public abstract void AddTo(ColumnGraph graph, string probabilities);

    /// <summary>Fits a map to probabilities of rows that were not trained on.</summary>
    public static ProbabilityMap Fit(CalibrationMethod method, float[] probabilities, int[] labels, int classes) =>
        method switch
        {
            CalibrationMethod.Vector => VectorMap.Fit(probabilities, labels, classes),
            CalibrationMethod.Isotonic => IsotonicMap.Fit(probabilities, labels, classes),
            _ => VectorMap.OfTemperature(probabilities, labels, classes),
        };

    /// <summary>Adds the logarithms of probabilities.</summary>
    private protected static string Logarithm(ColumnGraph graph, string probabilities)
    {
        var nodes = new GraphNodes(graph);
        return nodes.Add("Log", nodes.Add("Max", probabilities, graph.Floats("least", [], Least)));
    }
}
