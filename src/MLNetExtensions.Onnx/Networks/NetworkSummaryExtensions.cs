using MLNetExtensions.Onnx.Lowering;

namespace MLNetExtensions.Onnx.Networks;

/// <summary>Summarizes graphs.</summary>
public static class NetworkSummaryExtensions
{
    /// <summary>
    /// Summarizes the network: <c>Console.WriteLine(graph.Summary())</c> prints a table of layers, output shapes, parameters and MACs.
    /// </summary>
    /// <param name="graph">The graph; its inputs state all sizes except the batch.</param>
    /// <exception cref="UnsupportedOpsException">The graph holds operators whose shapes are not known; the message lists all of
    /// them.</exception>
    /// <exception cref="ArgumentException">An input does not state its sizes.</exception>
    public static NetworkSummary Summary(this OnnxGraph graph) => NetworkSummary.Of(graph);
}
